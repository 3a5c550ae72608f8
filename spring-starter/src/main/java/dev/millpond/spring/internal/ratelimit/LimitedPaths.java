package dev.millpond.spring.internal.ratelimit;

import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** Says which requests are limited, by their paths within the application; thread-safe. */
final class LimitedPaths {

    private static final String PREFIX = "millpond.rate-limit.";
    private static final Set<String> DOTTED = Set.of(".", "..");

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
     * <p>A path with empty or dotted segments always is: the servlet container takes them out, so what the patterns say
     * of such a path may not hold for the servlet that it leads to.
     */
    boolean contains(HttpServletRequest request) {
        PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
        return !isPlain(path) || (matches(included, path) && !matches(excluded, path));
    }

    private static boolean isPlain(PathContainer path) {
        boolean afterSeparator = false;
        for (PathContainer.Element element : path.elements()) {
            boolean separator = element instanceof PathContainer.Separator;
            if ((separator && afterSeparator) || isDotted(element)) {
                return false;
            }
            afterSeparator = separator;
        }
        return true;
    }

    private static boolean isDotted(PathContainer.Element element) {
        return element instanceof PathContainer.PathSegment segment && DOTTED.contains(segment.valueToMatch());
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
