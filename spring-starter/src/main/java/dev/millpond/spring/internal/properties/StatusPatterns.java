package dev.millpond.spring.internal.properties;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Response statuses, single ones such as 304 and classes such as 5xx. */
public final class StatusPatterns {

    private static final Pattern STATUS = Pattern.compile("[1-5](\\d\\d|xx)");

    private StatusPatterns() {}

    /**
     * Reads a list of statuses.
     *
     * @return tells whether a status is in the list
     * @throws InvalidPropertyException if one cannot be read
     */
    public static IntPredicate parse(String property, List<String> statuses) {
        return statuses.stream().map(status -> parse(property, status)).reduce(status -> false, IntPredicate::or);
    }

    private static IntPredicate parse(String property, String text) {
        String status = text.toLowerCase(Locale.ROOT);
        if (!STATUS.matcher(status).matches()) {
            throw new InvalidPropertyException(
                    property,
                    "has the status '" + text + "', must be a status from 100 to 599 or a class of them.",
                    "Use for example '304' or '5xx'.");
        }
        int first = Integer.parseInt(status.replace('x', '0'));
        int last = Integer.parseInt(status.replace('x', '9'));
        return code -> first <= code && code <= last;
    }
}
