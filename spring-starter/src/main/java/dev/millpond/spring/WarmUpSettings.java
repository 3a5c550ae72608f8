package dev.millpond.spring;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of warm-ups; immutable.
 *
 * @param enabled Whether warmers fill caches and keep them filled; false lets them do nothing until the switch warm-up
 *     is set to on.
 * @param readyAfter Names of warmers whose first warm-up has to end before the application takes traffic.
 * @param readyLimit How long the application waits for these at most; up to 1d.
 * @param concurrency How many batches a warmer has under way at once, from 1 to 64.
 * @param loadsPerSecond How often each warmer calls the loader at most on each node, evenly spread; from 0.000001 to
 *     1000000, and no bound if not set.
 * @param batchSize How many keys are looked up together, and given to a bulk loader together; from 1 to 10000.
 * @param deadline How long a warm-up or refresh may take; after that no further load begins.
 * @param onFailure What a failed load means - accumulate, the warmer goes on and counts them, or fail, it ends with the
 *     first one.
 * @param hotKeysOf Names of caches whose most read keys each node loads when it starts; beans of type LoadingCache.
 *     They remember 1000 keys unless hot-keys says otherwise.
 * @param warmers Settings and schedules of single warmers by name; what they leave out is taken from here.
 */
public record WarmUpSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> readyAfter,
        @DefaultValue("1m") Duration readyLimit,
        @DefaultValue("4") int concurrency,
        @Nullable Double loadsPerSecond,
        @DefaultValue("100") int batchSize,
        @DefaultValue("10m") Duration deadline,
        @DefaultValue("accumulate") OnFailure onFailure,
        @DefaultValue List<String> hotKeysOf,
        @DefaultValue Map<String, WarmerSettings> warmers) {

    private static final String PREFIX = "millpond.cache.warm-up";
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /** Checks all settings. */
    public WarmUpSettings {
        readyAfter = List.copyOf(readyAfter);
        hotKeysOf = List.copyOf(hotKeysOf);
        warmers = Map.copyOf(warmers);
        PropertyCheck.inRange(
                PREFIX + ".ready-limit",
                Duration.ofMillis(1),
                LONGEST_WAIT,
                readyLimit,
                "Give a duration such as 1m; to wait for nothing, remove '" + PREFIX + ".ready-after'.");
        warmers.forEach((name, settings) -> settings.checkSchedule(PREFIX + ".warmers." + name));
        try (CacheRegistry scratch = CacheRegistry.builder().build()) {
            LoadingCache<String, String> cache =
                    scratch.newCache("all", String.class).build((String key) -> key);
            common(concurrency, loadsPerSecond, batchSize, deadline, onFailure)
                    .checkLimits(PREFIX, cache.warmer(Stream::empty));
            warmers.forEach(
                    (name, settings) -> settings.checkLimits(PREFIX + ".warmers." + name, cache.warmer(Stream::empty)));
        }
    }

    /** Returns the settings that warmers have unless they or their own properties say otherwise. */
    public WarmerSettings common() {
        return common(concurrency, loadsPerSecond, batchSize, deadline, onFailure);
    }

    private static WarmerSettings common(
            int concurrency, @Nullable Double loadsPerSecond, int batchSize, Duration deadline, OnFailure onFailure) {
        return new WarmerSettings(
                concurrency, loadsPerSecond, batchSize, deadline, onFailure, null, null, null, null, null);
    }

    /** Returns the properties of one warmer; nothing is set if it has none. */
    public WarmerSettings ofWarmer(String name) {
        return warmers.getOrDefault(name, WarmerSettings.NONE);
    }
}
