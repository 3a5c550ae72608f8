package dev.millpond.spring.internal.ratelimit;

import dev.millpond.spring.RateLimitProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/** Says which requests are limited, by their paths within the application; thread-safe. */
final class LimitedPaths {

    private static final String PREFIX = "millpond.rate-limit.";

    private final List<PathPattern> included;
    private final List<PathPattern> excluded;

    private LimitedPaths(List<PathPattern> included, List<PathPattern> excluded) {
        this.included = included;
        this.excluded = excluded;
    }

    static LimitedPaths of(RateLimitProperties properties) {
        return new LimitedPaths(
                PathPatterns.parse(PREFIX + "paths", properties.paths()),
                PathPatterns.parse(PREFIX + "excluded-paths", properties.excludedPaths()));
    }

    /**
     * Tells whether a request is limited.
     *
     * <p>One whose path is not plain always is: what the patterns say of such a path may not hold for the servlet that
     * it leads to.
     */
    boolean contains(HttpServletRequest request) {
        ApplicationPath of = ApplicationPath.of(request);
        return !of.plain() || (matches(included, of.path()) && !matches(excluded, of.path()));
    }

    private static boolean matches(List<PathPattern> patterns, PathContainer path) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(path));
    }
}
