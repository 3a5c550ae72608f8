package dev.millpond.cache.internal;

import java.time.Duration;

/**
 * The checked settings of the loads of one cache, as {@link dev.millpond.cache.CacheBuilder} describes them.
 *
 * @param maximumConcurrentLoads at least 1
 * @param slowLoadThreshold zero if no load is slow
 */
record LoadSettings(int maximumConcurrentLoads, Duration slowLoadThreshold) {}
