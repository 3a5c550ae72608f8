package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.InvalidationLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Long lists in parts, so that no command or batch holds up for long what else goes over its connection. */
final class Parts {

    static final int MOST_AT_ONCE = InvalidationLog.MOST_NAMES;
    static final int MOST_BYTES = 1 << 20;

    private Parts() {}

    /** Returns a list in parts, in its order. */
    static <T> List<List<T>> of(List<T> all) {
        return of(all, each -> 0);
    }

    /** Returns a list in parts, in its order, each of so few bytes that they are soon sent. */
    static <T> List<List<T>> of(List<T> all, ToIntFunction<T> bytes) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); ) {
            int to = endOf(all, from, bytes);
            parts.add(all.subList(from, to));
            from = to;
        }
        return parts;
    }

    private static <T> int endOf(List<T> all, int from, ToIntFunction<T> bytes) {
        int most = Math.min(all.size(), from + MOST_AT_ONCE);
        long sum = bytes.applyAsInt(all.get(from));
        int to = from + 1;
        while (to < most && (sum += bytes.applyAsInt(all.get(to))) <= MOST_BYTES) {
            to++;
        }
        return to;
    }
}
