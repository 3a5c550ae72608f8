package dev.millpond.servlet;

import dev.millpond.servlet.internal.HeaderLines;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads API keys from request header fields. */
final class HeaderKeys {

    private static final int MAX_LENGTH = 512;
    private static final String BEARER = "Bearer ";

    private HeaderKeys() {}

    static Set<String> of(HttpServletRequest request, String name) {
        Set<String> keys = Set.of();
        Enumeration<String> lines = HeaderLines.in(request, name);
        while (lines.hasMoreElements()) {
            keys = withMembers(keys, lines.nextElement(), UnaryOperator.identity());
        }
        return Set.copyOf(keys);
    }

    static Set<String> bearer(HttpServletRequest request) {
        Set<String> keys = Set.of();
        Enumeration<String> lines = HeaderLines.in(request, "Authorization");
        while (lines.hasMoreElements()) {
            String line = lines.nextElement();
            keys = isBearer(line) ? withMembers(keys, line, HeaderKeys::token) : keys;
        }
        return Set.copyOf(keys);
    }

    private static boolean isBearer(String text) {
        return text.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    private static String token(String member) {
        return isBearer(member) ? member.substring(BEARER.length()) : member;
    }

    /** Proxies may join the lines of a field by commas, so a line can hold several keys. */
    private static Set<String> withMembers(Set<String> keys, String line, UnaryOperator<String> keyOf) {
        Set<String> all = keys;
        for (int begin = 0, end; begin <= line.length(); begin = end + 1) {
            int comma = line.indexOf(',', begin);
            end = comma < 0 ? line.length() : comma;
            all = with(all, keyOf.apply(line.substring(begin, end).stripLeading()));
        }
        return all;
    }

    /** Adds a key; nearly always it is the only one, which needs no table. */
    private static Set<String> with(Set<String> keys, String text) {
        String key = text.strip();
        if (key.isEmpty() || keys.contains(key)) {
            return keys;
        }
        if (keys.isEmpty()) {
            return Set.of(key);
        }
        Set<String> several = keys.size() == 1 ? new HashSet<>(keys) : keys;
        several.add(key);
        return several;
    }

    /**
     * Returns the keys that count: several however long they are, because they leave open whose request it is; but no
     * single one that is so long that with its like a client could fill our memory.
     */
    static Set<String> usable(Set<String> keys) {
        Set<String> distinct = Set.of();
        for (String key : keys) {
            distinct = with(distinct, key);
        }
        return distinct.size() == 1 && distinct.iterator().next().length() > MAX_LENGTH ? Set.of() : distinct;
    }
}
