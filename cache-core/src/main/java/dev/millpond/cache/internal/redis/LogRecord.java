package dev.millpond.cache.internal.redis;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * One invalidation as it travels: {@code epoch|sequence|names}, the names joined by newlines.
 *
 * @param epoch the life of the log
 * @param sequence its number in that life
 * @param names what is invalid
 */
record LogRecord(String epoch, long sequence, List<String> names) {

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    static LogRecord parse(String text) {
        String[] parts = text.split("\\|", 3);
        if (parts.length < 2) {
            throw new IllegalArgumentException("An invalidation must read epoch|sequence|names.");
        }
        return new LogRecord(parts[0], Long.parseLong(parts[1]), parts.length == 3 ? split(parts[2]) : List.of());
    }

    LogRecord withNames(List<String> invalidated) {
        return new LogRecord(epoch, sequence, invalidated);
    }

    static String join(Collection<String> names) {
        return String.join("\n", names);
    }

    static List<String> split(String names) {
        return Arrays.asList(names.split("\n"));
    }
}
