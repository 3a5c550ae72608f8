package dev.millpond.cache;

import java.time.Duration;
import java.util.Optional;

/**
 * A value with where it came from.
 *
 * @param value the value; empty if the source has none for the key
 * @param source who answered
 * @param age how long ago the value was loaded from its source; zero if by this call
 * @param <V> the type of the value
 */
public record CacheResult<V>(Optional<V> value, Source source, Duration age) {

    /** Who answered a look-up. */
    public enum Source {
        /** The cache in this process. */
        LOCAL,
        /** Redis. */
        REMOTE,
        /** The loader, which means the source behind the cache. */
        LOADER,
        /** A cache, past the time to live, because another caller is loading or the loader failed. */
        STALE
    }

    /** Tells whether the loader was not needed. */
    public boolean fromCache() {
        return source != Source.LOADER;
    }
}
