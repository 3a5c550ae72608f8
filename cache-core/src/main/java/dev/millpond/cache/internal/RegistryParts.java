package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.cache.spi.ValueCodec;
import dev.millpond.cache.spi.WarmerCustomizer;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the caches of one registry share.
 *
 * @param random gives numbers from 0 to 1, without 1
 * @param store the second level, or null in a registry that has none
 */
record RegistryParts(
        String namespace,
        boolean enabled,
        TagTable table,
        InvalidationLog log,
        @Nullable CacheStore store,
        ValueCodec codec,
        Executor executor,
        Ticker ticker,
        InstantSource clock,
        Token.Source tokens,
        DoubleSupplier random,
        Listeners listeners,
        ObservedLoads observed,
        WarmerCustomizer warmers,
        Switches switches) {

    /** Returns how far a cache is on. */
    Supplier<SwitchMode> modeOf(CacheSettings<?> settings) {
        return switches.follow(
                Switch.cache(settings.name()), SwitchMode.of(settings.enabled()), SwitchMode.of(enabled));
    }

    /**
     * Records an invalidation and returns the stamp of what is put because of it.
     *
     * <p>The number means something in its own epoch only. When the epoch ended meanwhile, what is put is not kept.
     */
    Stamp append(Collection<String> names) {
        return append(log::append, names);
    }

    /** Does the same for a put, which shares its number with no other put of one of its entries. */
    Stamp appendPut(Collection<String> names) {
        return append(log::appendPut, names);
    }

    private Stamp append(ToLongFunction<Collection<String>> record, Collection<String> names) {
        Stamp before = table.stamp();
        long sequence = record.applyAsLong(names);
        Stamp after = table.stamp();
        boolean applied = sequence >= 0 && after.epoch() == before.epoch() && sequence <= after.sequence();
        return applied ? new Stamp(after.epoch(), sequence) : before;
    }
}
