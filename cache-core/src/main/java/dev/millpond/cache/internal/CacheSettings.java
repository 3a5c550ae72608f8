package dev.millpond.cache.internal;

import dev.millpond.cache.Consistency;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of one cache, as {@link dev.millpond.cache.CacheBuilder} describes them.
 *
 * @param <V> the type of values
 */
record CacheSettings<V>(
        String name,
        boolean enabled,
        Duration timeToLive,
        Duration localTimeToLive,
        Duration absentTimeToLive,
        Duration serveStaleFor,
        Duration serveUnconfirmedFor,
        double jitter,
        Consistency consistency,
        long localMaximum,
        @Nullable ToIntFunction<? super V> weigher,
        Duration leaseTime,
        LoadSettings loading,
        int schemaVersion,
        @Nullable Function<Object, String> keyFormat,
        int hotKeys) {}
