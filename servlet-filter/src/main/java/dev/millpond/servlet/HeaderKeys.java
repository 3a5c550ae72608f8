package dev.millpond.servlet;

import dev.millpond.servlet.internal.HeaderLines;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads API keys from request header fields. */
final class HeaderKeys {

    private static final int MAX_LENGTH = 512;
    private static final String BEARER = "Bearer ";

    private HeaderKeys() {}

    static Set<String> of(HttpServletRequest request, String name) {
        return distinct(members(HeaderLines.of(request, name)));
    }

    static Set<String> bearer(HttpServletRequest request) {
        return distinct(members(HeaderLines.of(request, "Authorization").filter(HeaderKeys::isBearer))
                .map(member -> isBearer(member) ? member.substring(BEARER.length()) : member));
    }

    private static boolean isBearer(String text) {
        return text.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /** Proxies may join the lines of a field by commas, so a line can hold several keys. */
    private static Stream<String> members(Stream<String> lines) {
        return lines.flatMap(line -> Stream.of(line.split(","))).map(String::stripLeading);
    }

    private static Set<String> distinct(Stream<String> keys) {
        return keys.map(String::strip).filter(key -> !key.isEmpty()).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the keys that count: several however long they are, because they leave open whose request it is; but no
     * single one that is so long that with its like a client could fill our memory.
     */
    static Set<String> usable(Set<String> keys) {
        Set<String> distinct = distinct(keys.stream());
        return distinct.size() == 1 && distinct.iterator().next().length() > MAX_LENGTH ? Set.of() : distinct;
    }
}
