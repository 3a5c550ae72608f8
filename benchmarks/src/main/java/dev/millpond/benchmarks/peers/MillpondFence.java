package dev.millpond.benchmarks.peers;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;

/**
 * A fence made of an entry of another cache in the same sequence of invalidations.
 *
 * @param marks the cache
 */
record MillpondFence(LoadingCache<String, String> marks) implements Fence {

    @Override
    public void raise(String key) {
        marks.get(key);
    }

    @Override
    public void lower(String key) {
        marks.invalidate(key);
    }

    @Override
    public boolean raised(String key) {
        return marks.getIfPresent(key)
                .filter(found -> found.source() == Source.LOCAL)
                .isPresent();
    }
}
