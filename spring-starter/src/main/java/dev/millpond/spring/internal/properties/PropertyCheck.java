package dev.millpond.spring.internal.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** The rules that values of properties must keep. */
public final class PropertyCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private PropertyCheck() {}

    public static void name(String property, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new InvalidPropertyException(
                    property,
                    "is '" + value + "', must be letters, digits, dots, hyphens and underscores.",
                    "Use a name such as 'shop'.");
        }
    }

    public static void positive(String property, @Nullable Duration value, String fix) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new InvalidPropertyException(
                    property, "is '" + DurationStyle.SIMPLE.print(value) + "', must be more than zero.", fix);
        }
    }

    public static void notNegative(String property, @Nullable Duration value, String fix) {
        if (value != null && value.isNegative()) {
            throw new InvalidPropertyException(
                    property, "is '" + DurationStyle.SIMPLE.print(value) + "', must be zero or more.", fix);
        }
    }

    public static void within(String property, Duration minimum, Duration maximum, Duration value, String fix) {
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            throw new InvalidPropertyException(
                    property,
                    "is '" + DurationStyle.SIMPLE.print(value) + "', must be from "
                            + DurationStyle.SIMPLE.print(minimum) + " to "
                            + DurationStyle.SIMPLE.print(maximum, ChronoUnit.SECONDS) + ".",
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
