package dev.millpond.spring.internal.ratelimit;

import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

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
                parse(PREFIX + "paths", properties.paths()),
                parse(PREFIX + "excluded-paths", properties.excludedPaths()));
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

    private static List<PathPattern> parse(String property, List<String> patterns) {
        return patterns.stream().map(pattern -> parse(property, pattern)).toList();
    }

    private static PathPattern parse(String property, String pattern) {
        try {
            return PathPatternParser.defaultInstance.parse(pattern);
        } catch (PatternParseException e) {
            InvalidPropertyException refused = new InvalidPropertyException(
                    property,
                    "has the pattern '" + pattern + "', which is not a path pattern: " + e.getMessage() + ".",
                    "Use patterns such as '/api/**'.");
            refused.initCause(e);
            throw refused;
        }
    }
}
