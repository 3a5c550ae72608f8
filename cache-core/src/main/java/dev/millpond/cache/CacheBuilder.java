package dev.millpond.cache;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Configures one cache; not thread-safe.
 *
 * <p>Each setting may be given once: giving it again throws {@link IllegalStateException}. A value out of its range
 * throws {@link IllegalArgumentException}. Durations are at most 100 years (36 500 days) and count in whole
 * milliseconds in Redis.
 *
 * @param <V> the type of values
 */
public interface CacheBuilder<V> {

    /**
     * Turns this cache on or off; on by default.
     *
     * <p>When off, each read calls the loader and nothing is kept, in this process or in Redis. Invalidations are still
     * sent, for the nodes on which it is on.
     */
    CacheBuilder<V> enabled(boolean enabled);

    /**
     * Sets how long entries stay fresh, on all nodes; 5 minutes by default.
     *
     * @param timeToLive at least 1 ms; {@link #jitter} varies it
     */
    CacheBuilder<V> timeToLive(Duration timeToLive);

    /**
     * Sets how long entries stay fresh in this process at most, before Redis is asked again; by default as long as
     * their time to live.
     *
     * @param timeToLive at least 1 ms; one longer than the time to live has no effect
     */
    CacheBuilder<V> localTimeToLive(Duration timeToLive);

    /**
     * Sets how long the absence of a value is remembered; 30 seconds by default, or the time to live if that is
     * shorter.
     *
     * @param timeToLive zero or more; with zero the source is asked each time
     */
    CacheBuilder<V> absentTimeToLive(Duration timeToLive);

    /**
     * Sets how long past its time to live an entry may answer while another caller loads it anew, or the loader fails;
     * zero by default.
     *
     * <p>Such an answer has the source {@link CacheResult.Source#STALE}. An entry that this node knows to be
     * invalidated never answers; but while Redis is away, one that another node has invalidated since may.
     *
     * @param duration zero or more; Redis keeps entries for so much longer
     */
    CacheBuilder<V> serveStaleFor(Duration duration);

    /**
     * Sets how long entries of this process answer while Redis is away, and nobody can tell what other nodes have
     * invalidated meanwhile; zero by default: they answer up to the registry's
     * {@linkplain CacheRegistry.Builder#stalenessBound staleness bound}, and from then on each read loads.
     *
     * <p>Beyond the bound such an answer has the source {@link CacheResult.Source#STALE}. Only entries within their
     * time to live give it; others are loaded. The time begins with the last proof that no invalidation was missed, so
     * it is how old an invalidation by another node can be that a read misses. What this node invalidates itself holds
     * at once: it then trusts nothing that it had loaded before. Without effect in a registry without Redis.
     *
     * @param duration zero or more; not for {@link Consistency#STRICT} caches, which keep nothing in this process
     */
    CacheBuilder<V> serveUnconfirmedFor(Duration duration);

    /**
     * Sets by which fraction times to live vary at random, so that entries do not expire together; 0.1 by default.
     *
     * @param fraction 0 to 0.5; with 0.1 a time to live of 10 minutes becomes 9 to 11
     */
    CacheBuilder<V> jitter(double fraction);

    /**
     * Sets how many entries this process keeps at most; 10 000 by default, not together with a weigher.
     *
     * @param entries 0 or more; with 0 every read goes to Redis
     */
    CacheBuilder<V> localMaximumSize(long entries);

    /**
     * Bounds what this process keeps by the sum of weights instead of the number of entries; unset by default.
     *
     * @param weight the greatest sum, 0 or more, in the unit of the weigher
     * @param weigher returns the weight of a value, once per entry; thread-safe. Less than 1 counts as 1, and so does
     *     an absent value
     */
    CacheBuilder<V> localMaximumWeight(long weight, ToIntFunction<? super V> weigher);

    /**
     * Sets which invalidations reads may miss; {@link Consistency#BOUNDED} by default.
     *
     * <p>{@link Consistency#STRICT} is refused together with {@link #localTimeToLive}, {@link #localMaximumSize} and
     * {@link #localMaximumWeight}, since a strict cache keeps nothing in this process.
     */
    CacheBuilder<V> consistency(Consistency consistency);

    /**
     * Sets how long a load may hold off loads of the same key by others; 10 seconds by default.
     *
     * <p>Choose more than the slowest load takes. A load that takes longer is not stored in Redis, and other nodes
     * begin to load the key as well. Callers of its own process wait for it for six lease times, one minute by default,
     * before one of them does. It is also how long a key may stay blocked whose loader died with its process.
     *
     * <p>While nodes with different lease times run side by side, as during a deployment that changes it, the shorter
     * one counts: a load that takes longer may be done by another node as well. No read is stale because of it.
     *
     * @param leaseTime at least 1 ms
     */
    CacheBuilder<V> leaseTime(Duration leaseTime);

    /**
     * Sets how many loads of this cache run at the same time in this process at most; 64 by default, which is more than
     * the connections that a source usually has for one process, and few enough not to bring it down.
     *
     * <p>Callers that share a load need one of these between them, and so do all keys of one bulk load. Further callers
     * are answered past the time to live where {@link #serveStaleFor} allows it. Else they wait, in their order, for up
     * to the {@link #leaseTime}, or the {@link #hardTimeout} if there is one, and then fail with a
     * {@link CacheLoadException}. A load inside another load never waits, because the one around it could be what it
     * waits for; it may be one more than the maximum. A cache that is off has no maximum.
     *
     * @param loads at least 1; {@link Integer#MAX_VALUE} for no bound
     */
    CacheBuilder<V> maximumConcurrentLoads(int loads);

    /**
     * Sets for how long after a failed load this process does not load the key again; by default 1 s where a stale
     * value may answer meanwhile, and zero where none may.
     *
     * <p>For so long, callers get what {@link #serveStaleFor} allows, or a {@link CacheLoadException} with the failure
     * as its cause, and the source is left alone. The default never makes a read fail that would have worked: an
     * exception may be an answer of the source about a key that it will have in a moment, which only the application
     * can tell.
     *
     * <p>Invalidating or putting the key, or what its loader had read, ends it at once, on any node, and so does a
     * {@link LoadingCache#refresh} that works. Errors and interrupts are not remembered, and failures of a bulk load of
     * several keys only where a stale value may answer. The latest 1000 failures are kept.
     *
     * @param timeToLive zero or more; with zero each caller asks the source
     */
    CacheBuilder<V> failureTimeToLive(Duration timeToLive);

    /**
     * Sets how long a read waits for a load before it is answered with a stale value, where {@link #serveStaleFor}
     * allows that; by default it waits for the end.
     *
     * <p>The load goes on, and what it gives is stored, unless the key is invalidated meanwhile. Those who joined the
     * load are answered when its caller is. A read that finds no place among the {@linkplain #maximumConcurrentLoads
     * loads} takes the stale value at once. Reads of one key only: a bulk read and a {@link LoadingCache#refresh} wait
     * for the end, or the {@link #hardTimeout}.
     *
     * <p>With this timeout, where a stale value is there, and with a {@linkplain #hardTimeout hard} one, loaders run on
     * threads of their own. What a loader needs of its caller's thread, such as a transaction or a thread-local
     * variable, is not there; the logging context of SLF4J (MDC) is, and what it reads from other caches is recorded
     * all the same. Without timeouts loaders run on the thread of their caller.
     *
     * @param timeout at least 1 ms, and shorter than the hard one
     */
    CacheBuilder<V> softTimeout(Duration timeout);

    /**
     * Sets how long a load may take; by default there is no limit.
     *
     * <p>A load that takes longer is interrupted. Its callers get a stale value where {@link #serveStaleFor} allows it,
     * else a {@link CacheLoadException}; it counts as failed, also if it never returns. What the loader returns later
     * is not stored: an interrupted loader may return anything. Until it returns it keeps its place among the
     * {@linkplain #maximumConcurrentLoads loads}, so that a source that hangs does not use up threads. Of loads that
     * began without a place, because others waited for them, as many again may hang. A load of one key keeps its lease
     * as well, so that other nodes leave the key to it until the lease expires; a bulk load and a
     * {@link LoadingCache#refresh} give theirs back.
     *
     * <p>Each call of a loader may take so long: a bulk loader for all its keys, another one for each key of a bulk
     * read. It is also how long a caller waits for its turn to load. So a read that nothing stale can answer may take
     * twice as long, and the {@link #leaseTime} more if another node has the key's lease. A load inside another load
     * for which no place is free has no limit of its own. See {@link #softTimeout} for the thread that a loader runs
     * on.
     *
     * @param timeout at least 1 ms
     */
    CacheBuilder<V> hardTimeout(Duration timeout);

    /**
     * Sets how early reads have entries loaded anew before they expire; zero by default, which is never.
     *
     * <p>A read of one key decides that at random, the likelier the nearer the entry is to its end and the longer loads
     * take, as XFetch does: if the time left is at most <i>β · load time · −ln(random)</i>. With 1, which suits most
     * caches, an entry that is read all the time is renewed a few load times before its end, and one that is hardly
     * read is left to expire. The read is answered at once; one load in the fleet goes on beside it, within
     * {@link #maximumConcurrentLoads}, and the old entry answers until it ends, also if it fails. The load time is the
     * average of this process.
     *
     * <p>The loader runs on the registry's {@linkplain CacheRegistry.Builder#executor executor}, where nothing of the
     * reader's thread is there, such as a transaction; therefore it is off by default. Only the loader that a
     * {@link LoadingCache} was made with is used, and only for reads with that: one with a loader of its own begins
     * nothing. Bulk reads and {@link Cache#getIfPresent} begin nothing either.
     *
     * @param beta 0 to 10; more is earlier
     */
    CacheBuilder<V> refreshAhead(double beta);

    /**
     * Sets how long a load takes that is counted as {@linkplain CacheStats#slowLoads slow}, and logged, at most once a
     * minute; 100 ms by default.
     *
     * <p>The line has a digest in the place of the key: the first 128 bits of the SHA-256 of its text, in URL-safe
     * Base64.
     *
     * @param threshold zero or more; with zero no load is slow
     */
    CacheBuilder<V> slowLoadThreshold(Duration threshold);

    /**
     * Sets how many of the most read keys are remembered, so that a new node or a flushed cache can read them in
     * advance; zero by default, which is none. See {@link Cache#hotKeys()}.
     *
     * <p>As many as the cache has entries in a process, or in Redis, are of use. Reads of all kinds count, also those
     * that a loader answers, unless the cache is off or may keep nothing; what a {@link Warmer} loads does not. Each
     * remembered key takes about 500 bytes in this process and 200 in Redis, and the length of its text some times
     * over.
     *
     * @param maximum 0 to 10 000
     */
    CacheBuilder<V> hotKeys(int maximum);

    /**
     * Sets the number that payloads of this cache carry in Redis; 0 by default.
     *
     * <p>Change it with the shape of the values: entries with another number count as missing.
     *
     * @param version 0 to 65 535
     */
    CacheBuilder<V> schemaVersion(int version);

    /**
     * Sets how a key is written in Redis; by default the text of simple keys, and the parts joined by colons for
     * records and lists.
     *
     * <p>Keys of one text are one entry: {@code 7}, {@code 7L} and {@code "7"} are the same thing to a cache.
     *
     * @param format returns the same text for equal keys on all nodes, and different texts for different keys;
     *     thread-safe. Needed for keys of other types than {@link Cache} names
     */
    CacheBuilder<V> keyFormat(Function<Object, String> format);

    /**
     * Makes a cache whose reads bring their own loader.
     *
     * @throws IllegalStateException if the registry has a cache of this name
     */
    <K> Cache<K, V> build();

    /**
     * Makes a cache over a loader.
     *
     * @throws IllegalStateException if the registry has a cache of this name
     */
    <K> LoadingCache<K, V> build(CacheLoader<K, V> loader);

    /**
     * Makes a cache over a loader that names tags and dependencies.
     *
     * @throws IllegalStateException if the registry has a cache of this name
     */
    <K> LoadingCache<K, V> build(CacheLoader.WithContext<K, V> loader);

    /**
     * Makes a cache over a loader of many keys at once; a read of one key calls it with that key alone.
     *
     * @throws IllegalStateException if the registry has a cache of this name
     */
    <K> LoadingCache<K, V> buildBulk(BulkCacheLoader<K, V> loader);

    /**
     * Makes a cache over a loader of many keys at once that names tags and versions of each; a read of one key calls it
     * with that key alone.
     *
     * @throws IllegalStateException if the registry has a cache of this name
     */
    <K> LoadingCache<K, V> buildBulk(BulkCacheLoader.WithContext<K, V> loader);
}
