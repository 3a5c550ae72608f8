package dev.millpond.cache.internal;

import java.util.function.BooleanSupplier;

/**
 * Whoever started a warm-up.
 *
 * @param isCancelled tells whether it is to end
 * @param progress is told how far it is
 */
record WarmControl(BooleanSupplier isCancelled, Progress progress) {

    /** Lets it run to its end. */
    static final WarmControl NONE = new WarmControl(() -> false, (done, total) -> {});

    /** Takes notice of how many keys were looked at, of how many; zero if nobody knows. */
    @FunctionalInterface
    interface Progress {

        void at(long done, long total);
    }
}
