package dev.millpond.cache.internal;

import java.time.Duration;

/**
 * The checked settings of the loads of one cache, as {@link dev.millpond.cache.CacheBuilder} describes them.
 *
 * @param maximumConcurrentLoads at least 1
 * @param failureTimeToLive how long a failure is remembered where nothing else can answer; at most the retry delay
 * @param retryDelay how long it is remembered where a stale value can answer
 * @param slowLoadThreshold zero if no load is slow
 */
record LoadSettings(
        int maximumConcurrentLoads, Duration failureTimeToLive, Duration retryDelay, Duration slowLoadThreshold) {}
