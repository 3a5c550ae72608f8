package dev.millpond.runtime;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.internal.HealthMonitorBuilder;
import dev.millpond.runtime.spi.HealthSource;

/**
 * Tells how this instance is: Redis, caches, rate limits, and what the application adds.
 *
 * <p>Rates, such as that of hits, are those of the last minute and of the last five, however seldom somebody asks: a
 * daemon thread notes the counters every 5 s, so a minute is one of 58 to 63 s. In the first minutes they are those
 * since the start. Thread-safe; make one per application. When Redis is away the status is
 * {@link HealthReport.Status#DEGRADED}.
 */
public interface HealthMonitor extends AutoCloseable {

    /** Starts a monitor; the builder is not thread-safe. */
    static Builder builder() {
        return new HealthMonitorBuilder();
    }

    /** Returns how this instance is now; never waits for Redis. */
    HealthReport report();

    /** Ends the thread; what was looked at stays open. Closing again does nothing. */
    @Override
    void close();

    /**
     * Configures a monitor; not thread-safe.
     *
     * <p>All but sources may be given once; giving it again throws {@link IllegalStateException}.
     */
    interface Builder {

        /**
         * Adds the checks {@code redis} and {@code breaker} and the metric {@code poolUtilization}; without it the
         * check {@code redis} says {@code none}.
         *
         * @param redis stays open when the monitor is closed
         */
        Builder redis(RedisConnection redis);

        /**
         * Adds what a part of the application tells of itself, such as {@code CacheHealth.of(caches)}; can be used
         * several times.
         */
        Builder source(HealthSource source);

        /** Sets the source of elapsed time; the system's by default. */
        Builder ticker(Ticker ticker);

        /**
         * Makes the monitor and starts its thread.
         *
         * @throws IllegalArgumentException if two sources have a rate of the same name
         */
        HealthMonitor build();
    }
}
