package dev.millpond.spring;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.Consistency;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one cache; immutable. What is null is not set.
 *
 * @param enabled Whether this cache keeps values.
 * @param timeToLive How long its entries stay fresh.
 * @param localTimeToLive How long its entries stay fresh in this process at most.
 * @param absentTimeToLive How long it is remembered that there is no value; zero to ask the source each time.
 * @param serveStaleFor How long past its time to live an entry may answer while another caller loads it anew, or its
 *     source fails.
 * @param serveUnconfirmedFor How long its entries of this process answer while Redis is away; up to the staleness bound
 *     if not set.
 * @param localMaximumSize How many of its entries this process keeps.
 * @param consistency Which invalidations by other nodes its reads may miss: bounded or strict.
 * @param maximumConcurrentLoads How many of its loads run at once in this process.
 * @param failureTimeToLive How long after a failed load this process does not load the key again; zero to ask the
 *     source each time.
 * @param softTimeout How long a read waits for a load where a stale value may answer; the load goes on.
 * @param hardTimeout How long a load may take before it is interrupted.
 * @param refreshAhead How early reads have its entries loaded anew in the background, from 0, which is never, to 10.
 * @param slowLoadThreshold How long a load takes that is counted as slow and logged; zero for none.
 * @param hotKeys How many of its most read keys are remembered, up to 10000; 0 for none.
 */
public record CacheSettings(
        @Nullable Boolean enabled,
        @Nullable Duration timeToLive,
        @Nullable Duration localTimeToLive,
        @Nullable Duration absentTimeToLive,
        @Nullable Duration serveStaleFor,
        @Nullable Duration serveUnconfirmedFor,
        @Nullable Long localMaximumSize,
        @Nullable Consistency consistency,
        @Nullable Integer maximumConcurrentLoads,
        @Nullable Duration failureTimeToLive,
        @Nullable Duration softTimeout,
        @Nullable Duration hardTimeout,
        @Nullable Double refreshAhead,
        @Nullable Duration slowLoadThreshold,
        @Nullable Integer hotKeys) {

    private static final String KEEPS_NOTHING = "but a strict cache keeps nothing in this process.";

    static final CacheSettings NONE =
            new CacheSettings(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    void check(String prefix, CacheBuilder<?> core) {
        PropertyCheck.check(
                prefix + ".time-to-live",
                timeToLive,
                core::timeToLive,
                "Give a duration such as 5m; to switch a cache off, set 'millpond.cache.caches.<name>.enabled' to false.");
        PropertyCheck.check(
                prefix + ".local-time-to-live",
                localTimeToLive,
                core::localTimeToLive,
                "Give a duration such as 30s, or remove it.");
        PropertyCheck.check(
                prefix + ".absent-time-to-live",
                absentTimeToLive,
                core::absentTimeToLive,
                "Give a duration such as 30s, or 0s to remember no absence.");
        PropertyCheck.check(
                prefix + ".serve-stale-for",
                serveStaleFor,
                core::serveStaleFor,
                "Give a duration such as 1h, or 0s to serve nothing stale.");
        PropertyCheck.check(
                prefix + ".serve-unconfirmed-for",
                serveUnconfirmedFor,
                core::serveUnconfirmedFor,
                "Give a duration such as 10m, or remove it.");
        PropertyCheck.atLeast(
                prefix + ".local-maximum-size", 0, localMaximumSize, "Give a number of entries such as 10000.");
        checkLoads(prefix, core);
    }

    private void checkLoads(String prefix, CacheBuilder<?> core) {
        PropertyCheck.check(
                prefix + ".maximum-concurrent-loads",
                maximumConcurrentLoads,
                core::maximumConcurrentLoads,
                "Give a number of loads such as 64.");
        PropertyCheck.check(
                prefix + ".failure-time-to-live",
                failureTimeToLive,
                core::failureTimeToLive,
                "Give a duration such as 1s, or 0s to remember no failure.");
        PropertyCheck.check(
                prefix + ".refresh-ahead", refreshAhead, core::refreshAhead, "Give 1, or 0 to refresh nothing ahead.");
        PropertyCheck.check(
                prefix + ".slow-load-threshold",
                slowLoadThreshold,
                core::slowLoadThreshold,
                "Give a duration such as 100ms, or 0s to call no load slow.");
        PropertyCheck.check(
                prefix + ".hot-keys", hotKeys, core::hotKeys, "Give a number of keys such as 10000, or 0 for none.");
        checkTimeouts(prefix, core);
    }

    private void checkTimeouts(String prefix, CacheBuilder<?> core) {
        PropertyCheck.check(
                prefix + ".soft-timeout",
                softTimeout,
                core::softTimeout,
                "Give a duration such as 200ms, or remove it.");
        PropertyCheck.check(
                prefix + ".hard-timeout", hardTimeout, core::hardTimeout, "Give a duration such as 2s, or remove it.");
        if (softTimeout != null && hardTimeout != null && softTimeout.compareTo(hardTimeout) >= 0) {
            PropertyCheck.refuse(
                    prefix + ".soft-timeout",
                    softTimeout,
                    "must be shorter than '" + prefix + ".hard-timeout'.",
                    "Give a shorter one, or a longer hard timeout.");
        }
    }

    /** Checks that a strict cache has no settings of what it keeps in this process. */
    void checkStrict(String prefix) {
        if (consistency == Consistency.STRICT) {
            String fix = "Remove it, or set '" + prefix + ".consistency' to bounded.";
            PropertyCheck.refuse(prefix + ".local-time-to-live", localTimeToLive, KEEPS_NOTHING, fix);
            PropertyCheck.refuse(prefix + ".serve-unconfirmed-for", serveUnconfirmedFor, KEEPS_NOTHING, fix);
            PropertyCheck.refuse(prefix + ".local-maximum-size", localMaximumSize, KEEPS_NOTHING, fix);
        }
    }
}
