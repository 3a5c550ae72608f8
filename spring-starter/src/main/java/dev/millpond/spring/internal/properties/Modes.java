package dev.millpond.spring.internal.properties;

import dev.millpond.ratelimit.RateLimitMode;

/** Modes of rate limits as properties give them. */
public final class Modes {

    /** What an unquoted {@code off} is in YAML. */
    private static final String YAML_OFF = "false";

    private Modes() {}

    /**
     * Reads a mode.
     *
     * @throws InvalidPropertyException if there is none of this name
     */
    public static RateLimitMode parse(String property, String text) {
        if (text.equals(YAML_OFF)) {
            return RateLimitMode.OFF;
        }
        try {
            return RateLimitMode.parse(text);
        } catch (IllegalArgumentException e) {
            InvalidPropertyException refused = new InvalidPropertyException(
                    property,
                    "is '" + text + "', must be off, shadow, enforce, or a share of the clients such as 25%.",
                    "Use 'shadow' to watch what would be denied.");
            refused.initCause(e);
            throw refused;
        }
    }
}
