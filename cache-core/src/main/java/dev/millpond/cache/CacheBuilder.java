package dev.millpond.cache;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Configures one cache; not thread-safe. Each setting may be given once.
 *
 * @param <V> the type of values
 */
public interface CacheBuilder<V> {

    /** Turns this cache on or off; on by default. When off, each read calls the loader and nothing is kept. */
    CacheBuilder<V> enabled(boolean enabled);

    /** Sets how long entries stay fresh; more than zero, 5 minutes by default. */
    CacheBuilder<V> timeToLive(Duration timeToLive);

    /** Sets how long entries stay fresh in this process at most; the time to live by default. */
    CacheBuilder<V> localTimeToLive(Duration timeToLive);

    /**
     * Sets how long the absence of a value is remembered; 30 seconds by default, or the time to live if that is
     * shorter; zero to ask the source each time.
     */
    CacheBuilder<V> absentTimeToLive(Duration timeToLive);

    /**
     * Sets how long past its time to live an entry may answer while another caller loads it anew, or the loader fails;
     * zero by default.
     */
    CacheBuilder<V> serveStaleFor(Duration duration);

    /** Sets by which fraction times to live vary at random, so that entries do not expire together; 0.1 by default. */
    CacheBuilder<V> jitter(double fraction);

    /** Sets how many entries this process keeps; 10 000 by default, not together with a weigher. */
    CacheBuilder<V> localMaximumSize(long entries);

    /** Bounds this process by the sum of weights instead of the number of entries. */
    CacheBuilder<V> localMaximumWeight(long weight, ToIntFunction<? super V> weigher);

    /**
     * Sets which invalidations reads may miss; {@link Consistency#BOUNDED} by default. {@link Consistency#STRICT} does
     * not go with {@link #localTimeToLive}, {@link #localMaximumSize} and {@link #localMaximumWeight}.
     */
    CacheBuilder<V> consistency(Consistency consistency);

    /** Sets how long a load may hold off loads of the same key on other nodes; 10 seconds by default. */
    CacheBuilder<V> leaseTime(Duration leaseTime);

    /**
     * Sets the number that payloads of this cache carry; change it with the shape of the values. 0 to 65 535, 0 by
     * default.
     */
    CacheBuilder<V> schemaVersion(int version);

    /** Sets how a key is written in Redis; the text of simple keys, parts joined by colons for records and lists. */
    CacheBuilder<V> keyFormat(Function<Object, String> format);

    /** Makes a cache whose reads bring their own loader. */
    <K> Cache<K, V> build();

    /** Makes a cache over a loader. */
    <K> LoadingCache<K, V> build(CacheLoader<K, V> loader);

    /** Makes a cache over a loader that names tags and dependencies. */
    <K> LoadingCache<K, V> build(CacheLoader.WithContext<K, V> loader);

    /** Makes a cache over a loader of many keys at once. */
    <K> LoadingCache<K, V> buildBulk(BulkCacheLoader<K, V> loader);
}
