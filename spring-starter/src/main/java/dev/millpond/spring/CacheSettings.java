package dev.millpond.spring;

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
 * @param localMaximumSize How many of its entries this process keeps.
 * @param consistency Which invalidations by other nodes its reads may miss: bounded or strict.
 */
public record CacheSettings(
        @Nullable Boolean enabled,
        @Nullable Duration timeToLive,
        @Nullable Duration localTimeToLive,
        @Nullable Duration absentTimeToLive,
        @Nullable Duration serveStaleFor,
        @Nullable Long localMaximumSize,
        @Nullable Consistency consistency) {

    static final CacheSettings NONE = new CacheSettings(null, null, null, null, null, null, null);

    void check(String prefix) {
        PropertyCheck.positive(
                prefix + ".time-to-live",
                timeToLive,
                "Give a duration such as 5m; to switch a cache off, set 'millpond.cache.caches.<name>.enabled' to false.");
        PropertyCheck.positive(
                prefix + ".local-time-to-live", localTimeToLive, "Give a duration such as 30s, or remove it.");
        PropertyCheck.notNegative(
                prefix + ".absent-time-to-live",
                absentTimeToLive,
                "Give a duration such as 30s, or 0s to remember no absence.");
        PropertyCheck.notNegative(
                prefix + ".serve-stale-for",
                serveStaleFor,
                "Give a duration such as 1h, or 0s to serve nothing stale.");
        PropertyCheck.atLeast(
                prefix + ".local-maximum-size", 0, localMaximumSize, "Give a number of entries such as 10000.");
    }
}
