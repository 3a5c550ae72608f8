package dev.millpond.cache;

import java.time.Duration;

/**
 * What a loader says about the value it is loading.
 *
 * <p>Not thread-safe: belongs to the thread that runs the loader, until the loader returns. What is said later has no
 * effect.
 */
public interface LoadContext {

    /**
     * Adds tags by which the entry can be invalidated; none by default.
     *
     * <p>An entry carries at most 64 names: tags, the entries it was made from, and what those carry. One with more of
     * them is invalidated by any tag, or by any change of the caches it was made from.
     */
    LoadContext tag(Tag... tags);

    /**
     * Makes the entry depend on an entry of another cache of the same registry: when that is invalidated, so is this.
     *
     * <p>Reading a cache of the registry inside a loader records this by itself, tags included, also by
     * {@link LoadingCache#getAsync}. Call it where the other entry is read on a thread of the application's own, after
     * it was read, or where it is not read at all. If neither level has the other entry at this moment, what that was
     * or will be made from is not known: only its own invalidation then reaches this entry. If it was loaded since an
     * invalidation that came after the beginning of this load, the value is answered to those who wait for it, and not
     * kept.
     *
     * @throws IllegalArgumentException if the cache belongs to another registry, or the key's type has no stable text
     */
    <K> LoadContext dependsOn(Cache<K, ?> cache, K key);

    /**
     * Sets how long this entry stays fresh; by default as long as the cache says.
     *
     * @param timeToLive zero to 100 years, varied by the cache's jitter; with zero the value is returned but not kept
     * @throws IllegalArgumentException if it is out of this range
     */
    LoadContext timeToLive(Duration timeToLive);
}
