package dev.millpond.servlet.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the addresses that proxies say a request came through, the client's end first.
 *
 * <p>The left part of these fields is whatever the client sent. What the nearest proxy appended must not be hidden or
 * forged by it: a quoted text never spans a boundary unnoticed, and a line whose quotes do not close counts as one hop
 * without an address.
 */
final class ForwardedHops {

    private static final String FOR = "for=";
    private static final String UNREADABLE = "";

    private ForwardedHops() {}

    /** Returns the hops of {@code X-Forwarded-For}; none if the request has no such field. */
    static List<String> xForwardedFor(HttpServletRequest request) {
        return HeaderLines.of(request, "X-Forwarded-For")
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    /** Returns the hops of {@code Forwarded} (RFC 7239); an element that names none is an empty text. */
    static List<String> forwarded(HttpServletRequest request) {
        return HeaderLines.of(request, "Forwarded")
                .flatMap(line -> splitOutsideQuotes(line, ',').stream())
                .map(ForwardedHops::forParameter)
                .toList();
    }

    private static String forParameter(String element) {
        return splitOutsideQuotes(element, ';').stream()
                .filter(parameter -> parameter.regionMatches(true, 0, FOR, 0, FOR.length()))
                .map(parameter -> parameter.substring(FOR.length()).replace("\"", ""))
                .findFirst()
                .orElse(UNREADABLE);
    }

    private static List<String> splitOutsideQuotes(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && c == separator) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return quoted ? List.of(UNREADABLE) : parts;
    }
}
