package dev.millpond.cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * Surrounds every call of a loader, for example with a span of a trace.
 *
 * <p>Must be thread-safe and fast. What it throws is logged and otherwise ignored. It learns no key. Whoever wants to
 * know of look-ups uses a {@link LookupListener}.
 */
@FunctionalInterface
public interface LoadObserver {

    /** Is called before a loader, on its thread; returns what is told its end. */
    Observed begin(Load load);

    /**
     * Returns a task that does the same on another thread, in the context of the calling one; by default the task
     * itself.
     *
     * <p>Is called where a load leaves the thread of its caller: for limited, asynchronous and early loads.
     */
    default Runnable carry(Runnable task) {
        return task;
    }

    /**
     * One call of a loader.
     *
     * @param cache the name of the cache
     * @param keys how many keys it is to load; 1 unless it is a bulk loader
     */
    record Load(String cache, int keys) {}

    /** One call under way. */
    @FunctionalInterface
    interface Observed {

        /**
         * Is called once, after the loader, on its thread.
         *
         * @param failure what the loader threw, or null
         */
        void ended(@Nullable Throwable failure);
    }
}
