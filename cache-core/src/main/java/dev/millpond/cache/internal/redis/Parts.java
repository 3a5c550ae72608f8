package dev.millpond.cache.internal.redis;

import java.util.List;
import java.util.stream.IntStream;

/** Long lists in parts, so that no command or batch holds up for long what else goes over its connection. */
final class Parts {

    static final int MOST_AT_ONCE = 500;

    private Parts() {}

    /** Returns a list in parts, in its order. */
    static <T> List<List<T>> of(List<T> all) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + MOST_AT_ONCE)
                .mapToObj(from -> all.subList(from, Math.min(all.size(), from + MOST_AT_ONCE)))
                .toList();
    }
}
