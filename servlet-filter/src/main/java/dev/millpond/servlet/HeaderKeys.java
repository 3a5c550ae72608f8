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
        return usable(HeaderLines.of(request, name));
    }

    static Set<String> bearer(HttpServletRequest request) {
        return usable(HeaderLines.of(request, "Authorization")
                .filter(line -> line.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(line -> line.substring(BEARER.length())));
    }

    /** Returns the keys that can be one: neither blank nor of a length that would let a client fill our memory. */
    static Set<String> usable(Stream<String> keys) {
        return keys.map(String::strip)
                .filter(key -> !key.isEmpty() && key.length() <= MAX_LENGTH)
                .collect(Collectors.toUnmodifiableSet());
    }
}
