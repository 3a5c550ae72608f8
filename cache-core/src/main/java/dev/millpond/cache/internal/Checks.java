package dev.millpond.cache.internal;

import dev.millpond.runtime.spi.GivenSettings;
import java.time.Duration;

/** Refuses settings that make no sense, with the value, the rule and the fix. */
final class Checks {

    private static final String RATE_LIMITER = "rl";
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    /** Returns a name that a cache can have: it is a part of keys, next to the part that the rate limiter uses. */
    static String cacheName(String value) {
        if (value.equals(RATE_LIMITER)) {
            throw new IllegalArgumentException("Cache name is '" + value
                    + "', which is the part of keys in Redis that rate limiters use. Choose another name such as"
                    + " 'standings'.");
        }
        return GivenSettings.name("Cache name", value);
    }

    static Duration positive(String what, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    what + " is " + value + ", must be at least 1 ms. Give a duration such as Duration.ofMinutes(5).");
        }
        return bounded(what, value);
    }

    static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    what + " is " + value + ", must be zero or more. Use Duration.ZERO to turn it off.");
        }
        return bounded(what, value);
    }

    static void inRange(String what, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            throw new IllegalArgumentException(
                    what + " is " + value + ", must be from " + minimum + " to " + maximum + ".");
        }
    }

    static void inRange(String what, long value, long minimum, long maximum) {
        if (value < minimum || value > maximum) {
            throw new IllegalArgumentException(
                    what + " is " + value + ", must be from " + minimum + " to " + maximum + ".");
        }
    }

    private static Duration bounded(String what, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " is " + value + ", must be at most 100 years.");
        }
        return value;
    }
}
