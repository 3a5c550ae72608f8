package dev.millpond.runtime.spi;

import dev.millpond.runtime.HealthReport.Status;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * A part of an application that tells how it is.
 *
 * <p>Asked on the thread of whoever asks for the health, so it must be thread-safe and must not wait for anything. If
 * it throws, the check {@code health} says {@code failed} and the status is {@link Status#DEGRADED}.
 */
public interface HealthSource {

    /** Returns what it finds when it looks at itself; nothing by default. */
    default List<Check> checks() {
        return List.of();
    }

    /** Returns figures of this moment by name, which is one as of checks; none by default. */
    default Map<String, Number> metrics() {
        return Map.of();
    }

    /** Returns the rates to follow, asked for once; none by default. */
    default List<Rate> rates() {
        return List.of();
    }

    /**
     * What was looked at and found.
     *
     * @param name 1 to 64 letters and digits
     * @param value one word of small letters, digits and hyphens: it is shown to whoever asks, so it is no place for
     *     addresses and messages
     * @param status what that means for the instance
     */
    record Check(String name, String value, Status status) {

        private static final Pattern VALUE = Pattern.compile("[a-z0-9-]{1,64}");

        /**
         * Checks the texts.
         *
         * @throws IllegalArgumentException if the name or the value has other characters or another length
         */
        public Check {
            Names.require("check", name);
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "Health check " + name + ": the value has other characters than small"
                                + " letters, digits and hyphens, or not 1 to 64 of them. Give one word such as 'up'.");
            }
        }
    }

    /**
     * A part of a whole, such as hits of look-ups, reported as {@code name1m} and {@code name5m} from 0 to 1.
     *
     * @param name 1 to 64 letters and digits
     * @param part counts up; read before the whole
     * @param whole counts up
     */
    record Rate(String name, LongSupplier part, LongSupplier whole) {

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if it has other characters or another length
         */
        public Rate {
            Names.require("rate", name);
        }
    }
}
