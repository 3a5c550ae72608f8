package dev.millpond.cache;

import java.time.Duration;
import java.util.Optional;

/**
 * A value with where it came from; immutable.
 *
 * @param value the value; empty if the source has none for the key
 * @param source who answered
 * @param age how long ago the value was loaded from its source, in whole milliseconds; zero if by this call or by one
 *     that it waited for. Of a value that another node loaded it is as exact as the clocks of the two nodes agree
 * @param degraded whether Redis could not be asked: it was away, or this node could not tell what was invalidated. The
 *     value was loaded although Redis may have it, or it is {@link Source#STALE}. What {@link Source#LOCAL} answers
 *     while Redis is away is within the staleness bound, and so not degraded
 * @param <V> the type of the value
 */
public record CacheResult<V>(Optional<V> value, Source source, Duration age, boolean degraded) {

    /** Who answered a look-up. */
    public enum Source {
        /** The cache in this process. */
        LOCAL,
        /** Redis. */
        REMOTE,
        /** The loader, which means the source behind the cache. */
        LOADER,
        /**
         * A cache, past the time to live, because another caller is loading or the loader failed; or within it, but
         * past the staleness bound, because Redis is away.
         */
        STALE
    }

    /** Tells whether a cache answered, be it with a value past its time to live. */
    public boolean fromCache() {
        return source != Source.LOADER;
    }
}
