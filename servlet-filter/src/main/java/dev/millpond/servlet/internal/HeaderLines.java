package dev.millpond.servlet.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads request header fields that may come in several lines. */
public final class HeaderLines {

    private HeaderLines() {}

    /** Returns the lines of a field in order; none if the request has no such field, or the container hides it. */
    public static Stream<String> of(HttpServletRequest request, String field) {
        return Collections.list(in(request, field)).stream();
    }

    /** Returns the same lines, to be read once. */
    public static Enumeration<String> in(HttpServletRequest request, String field) {
        @Nullable Enumeration<String> lines = request.getHeaders(field);
        return lines == null ? Collections.emptyEnumeration() : lines;
    }
}
