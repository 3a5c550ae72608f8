package dev.millpond.spring.internal.ratelimit;

import dev.millpond.spring.internal.properties.InvalidPropertyException;
import java.util.List;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** Reads path patterns from properties. */
final class PathPatterns {

    private PathPatterns() {}

    static List<PathPattern> parse(String property, List<String> patterns) {
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
