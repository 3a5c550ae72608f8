package dev.millpond.cache;

import java.time.Duration;

/**
 * What this node knows of the invalidations of its namespace.
 *
 * @param trusted whether this node has proof, not older than the bound, of knowing every invalidation; while it has
 *     not, reads go to the loader
 * @param bound the staleness bound: no read misses an invalidation that completed longer ago
 * @param age how long ago the latest proof was asked for; in a registry without Redis always zero
 * @param lag how many invalidations this node has heard of and not applied
 * @param gaps how often this node heard of an invalidation without those before it, and had to ask for them
 * @param flushes how often this node had to distrust all entries at once, because the log was lost, replaced or cut, or
 *     an invalidation could not be sent
 * @param pending how many names were invalidated here that Redis has not taken yet; they are sent when it answers,
 *     unless the registry is closed before; if they are more than 10 000, all entries are made invalid in their place
 */
public record InvalidationStats(
        boolean trusted, Duration bound, Duration age, long lag, long gaps, long flushes, int pending) {}
