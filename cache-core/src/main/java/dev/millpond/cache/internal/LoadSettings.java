package dev.millpond.cache.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of the loads of one cache, as {@link dev.millpond.cache.CacheBuilder} describes them.
 *
 * @param maximumConcurrentLoads at least 1
 * @param failureTimeToLive how long a failure is remembered where nothing else can answer; at most the retry delay
 * @param retryDelay how long it is remembered where a stale value can answer
 * @param softTimeout null if callers wait for loads where a stale value can answer
 * @param hardTimeout null if loads are not interrupted
 * @param refreshAhead how early entries are loaded anew, zero if they are not
 * @param slowLoadThreshold zero if no load is slow
 */
record LoadSettings(
        int maximumConcurrentLoads,
        Duration failureTimeToLive,
        Duration retryDelay,
        @Nullable Duration softTimeout,
        @Nullable Duration hardTimeout,
        double refreshAhead,
        Duration slowLoadThreshold) {}
