package dev.millpond.spring.internal.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** The rules that values of properties must keep. */
public final class PropertyCheck {

    private static final Pattern RULE = Pattern.compile(", ((?:must|which) .+?\\.)(?: |$)");

    private PropertyCheck() {}

    /**
     * Has the code that owns a rule check a value; its refusal becomes one that names the property.
     *
     * @param value if null, nothing is checked
     * @param rule throws an {@link IllegalArgumentException} if the value breaks it
     */
    public static <T> void check(String property, @Nullable T value, Consumer<T> rule, String fix) {
        if (value == null) {
            return;
        }
        try {
            rule.accept(value);
        } catch (IllegalArgumentException e) {
            throw broken(property, value, e, fix);
        }
    }

    /** Refuses a property that is set, whatever its value. */
    public static void refuse(String property, @Nullable Object value, String rule, String fix) {
        if (value != null) {
            throw new InvalidPropertyException(property, "is '" + text(value) + "', " + rule, fix);
        }
    }

    /** Turns the refusal of a value by the code that owns the rule into one that names the property and the value. */
    public static InvalidPropertyException broken(String property, Object value, RuntimeException cause, String fix) {
        InvalidPropertyException broken =
                new InvalidPropertyException(property, "is '" + text(value) + "', " + rule(cause), fix);
        broken.initCause(cause);
        return broken;
    }

    /**
     * The messages of the code name their own setting, the value, the rule, and a fix in Java; here the rule counts.
     */
    private static String rule(RuntimeException cause) {
        String message = String.valueOf(cause.getMessage());
        Matcher rule = RULE.matcher(message);
        return rule.find() ? rule.group(1) : "is refused: " + message;
    }

    private static String text(Object value) {
        return value instanceof Duration duration ? text(duration) : value.toString();
    }

    /** Returns a duration in the largest unit that divides it, as somebody would write it. */
    private static String text(Duration duration) {
        return Stream.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS)
                .filter(unit -> !duration.isZero() && isMultiple(duration, unit))
                .findFirst()
                .map(unit -> DurationStyle.SIMPLE.print(duration, unit))
                .orElse(duration.isZero() ? "0s" : duration.toString());
    }

    private static boolean isMultiple(Duration duration, ChronoUnit unit) {
        return unit.getDuration()
                .multipliedBy(duration.dividedBy(unit.getDuration()))
                .equals(duration);
    }

    /** Refuses a duration that is too short or too long. */
    public static void inRange(String property, Duration shortest, Duration longest, Duration value, String fix) {
        if (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0) {
            throw new InvalidPropertyException(
                    property,
                    "is '" + text(value) + "', must be from " + text(shortest) + " to " + text(longest) + ".",
                    fix);
        }
    }

    public static void atLeast(String property, long minimum, @Nullable Number value, String fix) {
        if (value != null && value.longValue() < minimum) {
            throw new InvalidPropertyException(property, "is '" + value + "', must be " + minimum + " or more.", fix);
        }
    }

    /**
     * Turns the refusal of the code that owns a rule into one that names the property.
     *
     * @param cause says what is wrong, without secrets
     */
    public static InvalidPropertyException refused(String property, RuntimeException cause, String fix) {
        InvalidPropertyException refused =
                new InvalidPropertyException(property, "is refused: " + cause.getMessage(), fix);
        refused.initCause(cause);
        return refused;
    }
}
