package dev.millpond.spring.internal.ratelimit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.util.UriUtils;

/**
 * The path of a request within the application, as patterns see it.
 *
 * @param path decoded by segments, without parameters
 * @param plain false if the container and the patterns may see different paths: the container takes out empty and
 *     dotted segments, and may take an encoded slash for a slash
 */
record ApplicationPath(PathContainer path, boolean plain) {

    static ApplicationPath of(HttpServletRequest request) {
        try {
            PathContainer sent = RequestPath.parse(request.getRequestURI(), request.getContextPath())
                    .pathWithinApplication();
            return isPlain(sent) ? new ApplicationPath(sent, true) : tidied(request);
        } catch (IllegalArgumentException e) { // the context path is spelled otherwise, or something is badly encoded
            return tidied(request);
        }
    }

    /** Returns the path that the container itself made of what was sent. */
    private static ApplicationPath tidied(HttpServletRequest request) {
        try {
            String path = request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
            return new ApplicationPath(PathContainer.parsePath(UriUtils.encodePath(path, "UTF-8")), false);
        } catch (IllegalArgumentException e) { // Jetty refuses to say where an ambiguous path leads to
            return new ApplicationPath(PathContainer.parsePath(request.getRequestURI()), false);
        }
    }

    private static boolean isPlain(PathContainer path) {
        boolean afterSeparator = false;
        for (PathContainer.Element element : path.elements()) {
            boolean separator = element instanceof PathContainer.Separator;
            if ((separator && afterSeparator) || isRewritten(element)) {
                return false;
            }
            afterSeparator = separator;
        }
        return true;
    }

    private static boolean isRewritten(PathContainer.Element element) {
        if (!(element instanceof PathContainer.PathSegment segment)) {
            return false;
        }
        String value = segment.valueToMatch();
        return value.isEmpty()
                || value.equals(".")
                || value.equals("..")
                || value.indexOf('/') >= 0
                || value.indexOf('\\') >= 0;
    }
}
