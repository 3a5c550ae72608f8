package dev.millpond.cache;

import java.time.Duration;

/**
 * Counts of one cache on this node since it was made; immutable.
 *
 * @param localHits look-ups answered in this process
 * @param remoteHits look-ups answered by Redis
 * @param misses look-ups that neither could answer: the loader or a stale value did, or nothing. A bulk read counts
 *     each of its keys, unless its load fails, and a batch those too; a refresh counts as one
 * @param loads loader calls that ended well, absent values included
 * @param loadFailures loader calls that threw, or took longer than the {@linkplain CacheBuilder#hardTimeout hard
 *     timeout}
 * @param slowLoads loader calls that took at least the {@linkplain CacheBuilder#slowLoadThreshold threshold}
 * @param refusedLoads loads that did not begin because {@linkplain CacheBuilder#maximumConcurrentLoads too many} were
 *     under way
 * @param refreshesAhead loads of entries that were not expired, because of {@link CacheBuilder#refreshAhead}
 * @param puts values that were put
 * @param totalLoadTime time spent in the loader, failed calls included
 * @param staleServed look-ups answered with a value past its time to live, or past the staleness bound
 * @param joined look-ups that shared the load of another caller of this process
 * @param evictions entries that left this process because of its size bound
 * @param invalidations calls of {@code invalidate} and {@code invalidateAll} on this cache, and chunks of batches
 * @param invalidatedEntries entries, in this process or in Redis, that a look-up found invalidated: themselves, their
 *     cache, a tag, or something they were made from
 * @param rejectedStores loaded values that were not stored because they were invalidated meanwhile, or came too late
 * @param unstorable values that could not be written to Redis: not serialisable, or too large
 * @param unreadable payloads in Redis that could not be read and counted as misses
 * @param bytesRead size of the payloads that came from Redis
 * @param bytesWritten size of the payloads that were made for Redis
 */
public record CacheStats(
        long localHits,
        long remoteHits,
        long misses,
        long loads,
        long loadFailures,
        long slowLoads,
        long refusedLoads,
        long refreshesAhead,
        long puts,
        Duration totalLoadTime,
        long staleServed,
        long joined,
        long evictions,
        long invalidations,
        long invalidatedEntries,
        long rejectedStores,
        long unstorable,
        long unreadable,
        long bytesRead,
        long bytesWritten) {

    /** Returns the number of look-ups. */
    public long requests() {
        return localHits + remoteHits + misses;
    }

    /** Returns the part of look-ups answered without the loader, from 0 to 1; 1 before the first. */
    public double hitRate() {
        long requests = requests();
        return requests == 0 ? 1.0 : (double) (localHits + remoteHits) / requests;
    }
}
