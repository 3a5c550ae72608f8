package dev.millpond.cache;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /**
     * Returns the version that the loader gave with the value which the cache still has for this key; empty if there is
     * none.
     *
     * <p>The cache may have the value in Redis or in this process, and it may be past its time to live or invalidated.
     * A value that was made from other entries never has a last version: they may carry other tags by now, which only a
     * load that reads them learns.
     */
    Optional<String> lastVersion();

    /**
     * Says which version of the source the value is, such as an ETag or the latest time of change of its rows; none by
     * default.
     *
     * <p>Two loads that give the same version of a key must have the same value, with all that it was made from. Take
     * the version from the same read as the value, or from one before it: a version that is newer than its value would
     * keep that from being loaded anew. It is kept with the entry, in this process and in Redis, unless the value was
     * made from other entries.
     *
     * @param version 1 to 256 bytes of UTF-8
     * @throws IllegalArgumentException if it is empty or longer, or cannot be written in UTF-8
     */
    LoadContext version(String version);

    /**
     * Returns the value of last time, to be returned by the loader if the source still has {@linkplain #lastVersion its
     * version}: {@code return load.notModified();}.
     *
     * <p>Its time to live begins anew, as with any load, and Redis is sent no more than that where it still has the
     * value. The entry keeps its version, unless another one is given, and all its tags, beside those that this load
     * adds. If the loader reads other caches before it answers, the entry depends on what it has read, and has no
     * version any more. If there was no value, which can be remembered with a version too, there is still none.
     *
     * @param <V> the type of the cache's values
     * @return the value, or null if the source had none
     * @throws IllegalStateException if there is no last version
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // A context has no type: it serves loaders of any cache.
    <V> @Nullable V notModified();
}
