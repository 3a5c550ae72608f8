package dev.millpond.cache.internal;

import java.time.Duration;
import java.util.regex.Pattern;

/** Refuses settings that make no sense, with the value, the rule and the fix. */
final class Checks {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    static String name(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " is '" + value
                    + "', must be 1 to 64 letters, digits, dots, hyphens or underscores. Choose a name such as"
                    + " 'standings'.");
        }
        return value;
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
