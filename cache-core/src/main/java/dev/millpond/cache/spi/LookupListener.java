package dev.millpond.cache.spi;

import dev.millpond.cache.CacheResult;
import java.time.Duration;

/**
 * Is told of the look-ups of a registry, on the thread that makes them.
 *
 * <p>Must be fast, thread-safe, and must not throw.
 */
@FunctionalInterface
public interface LookupListener {

    /** Is called after a look-up that was answered; not for look-ups made inside a loader. */
    void onLookup(Lookup lookup);

    /**
     * One answered look-up.
     *
     * @param cache the name of the cache
     * @param source who answered
     * @param age time since the value was loaded from its source
     * @param timeToLive how long the entry stays fresh from now on; negative if it is stale
     * @param stored whether the answer is now in the cache
     * @param joined whether it was shared with another caller's load
     * @param degraded whether Redis could not be asked, as with {@link CacheResult#degraded()}
     */
    record Lookup(
            String cache,
            CacheResult.Source source,
            Duration age,
            Duration timeToLive,
            boolean stored,
            boolean joined,
            boolean degraded) {}
}
