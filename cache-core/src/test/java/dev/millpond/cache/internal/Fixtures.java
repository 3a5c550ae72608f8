package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Small parts with plain defaults, for tests of one class. */
final class Fixtures {

    static final String CACHE = "cache";
    static final Duration BOUND = Duration.ofSeconds(2);

    /** The defaults. */
    static final LoadSettings LOADING =
            new LoadSettings(64, Duration.ZERO, Duration.ofSeconds(1), null, null, 0, Duration.ofMillis(100));

    private Fixtures() {}

    /** Returns a trusted table at epoch {@code e1}, number 0. */
    static TagTable table(FakeTicker ticker) {
        TagTable table = new TagTable(ticker, BOUND, TagTable.DEFAULT_MAXIMUM_NAMES);
        table.reset("e1", 0);
        table.confirm(ticker.read());
        return table;
    }

    static Request<String> request(String key, Stamp stamp) {
        return new Request<>(key, key, new String[] {Names.entry(CACHE, key), Names.cache(CACHE)}, stamp);
    }

    /** Returns an entry that does not expire within a test. */
    static <V> Entry<V> entry(@Nullable V value, Stamp stamp, String... names) {
        return new Entry<>(value, names, stamp, new Lifetime(0, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2), null);
    }

    static Answer<String> answer(String value, Stamp stamp, String... names) {
        return new Answer<>(entry(value, stamp, names), Source.LOADER, true, false);
    }

    /** Returns the settings of a cache without jitter and without stale answers. */
    static CacheSettings<String> settings(Duration timeToLive) {
        return settings(timeToLive, Duration.ZERO, 0);
    }

    static CacheSettings<String> settings(Duration timeToLive, Duration serveStaleFor, double jitter) {
        return settings(true, timeToLive, serveStaleFor, jitter);
    }

    static CacheSettings<String> settings(boolean enabled, Duration timeToLive, Duration serveStaleFor, double jitter) {
        return settings(enabled, timeToLive, serveStaleFor, jitter, LOADING);
    }

    /** Returns the settings of a cache without jitter and without stale answers. */
    static CacheSettings<String> settings(Duration timeToLive, LoadSettings loading) {
        return settings(true, timeToLive, Duration.ZERO, 0, loading);
    }

    /** Returns the settings of a cache that remembers so many hot keys. */
    static CacheSettings<String> hotKeys(int most) {
        return settings(true, Duration.ofMinutes(5), Duration.ZERO, 0, LOADING, most);
    }

    private static CacheSettings<String> settings(
            boolean enabled, Duration timeToLive, Duration serveStaleFor, double jitter, LoadSettings loading) {
        return settings(enabled, timeToLive, serveStaleFor, jitter, loading, 0);
    }

    private static CacheSettings<String> settings(
            boolean enabled,
            Duration timeToLive,
            Duration serveStaleFor,
            double jitter,
            LoadSettings loading,
            int hotKeys) {
        return new CacheSettings<>(
                CACHE,
                enabled,
                timeToLive,
                Duration.ofDays(1),
                Duration.ofSeconds(30),
                serveStaleFor,
                Duration.ZERO,
                jitter,
                Consistency.BOUNDED,
                100,
                null,
                Duration.ofSeconds(10),
                loading,
                0,
                null,
                hotKeys);
    }
}
