package dev.millpond.cache;

import java.time.Duration;

/**
 * What a loader says about the value it is loading.
 *
 * <p>Not thread-safe: belongs to the thread that runs the loader, until the loader returns.
 */
public interface LoadContext {

    /** Adds tags by which the entry can be invalidated. */
    LoadContext tag(Tag... tags);

    /**
     * Makes the entry depend on an entry of another cache of the same registry: when that is invalidated, so is this.
     *
     * <p>Reading another cache inside a loader records this by itself, tags included. Call it where the other entry is
     * read by another thread, or not read at all.
     */
    <K> LoadContext dependsOn(Cache<K, ?> cache, K key);

    /**
     * Sets how long this entry stays fresh, instead of the cache's own time to live.
     *
     * @param timeToLive zero or more; with zero the value is returned but not kept
     */
    LoadContext timeToLive(Duration timeToLive);
}
