package dev.millpond.spring;

import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of warm-ups; immutable.
 *
 * @param enabled Whether warmers fill caches and keep them filled; false lets them do nothing until the switch warm-up
 *     is set to on.
 * @param readyAfter Names of warmers whose first warm-up has to end before the application takes traffic.
 * @param readyLimit How long the application waits for these at most; up to 1d.
 * @param warmers Schedules of single warmers by name.
 */
public record WarmUpSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> readyAfter,
        @DefaultValue("1m") Duration readyLimit,
        @DefaultValue Map<String, WarmerSettings> warmers) {

    private static final String PREFIX = "millpond.cache.warm-up";
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /** Checks all settings. */
    public WarmUpSettings {
        readyAfter = List.copyOf(readyAfter);
        warmers = Map.copyOf(warmers);
        PropertyCheck.inRange(
                PREFIX + ".ready-limit",
                Duration.ofMillis(1),
                LONGEST_WAIT,
                readyLimit,
                "Give a duration such as 1m; to wait for nothing, remove '" + PREFIX + ".ready-after'.");
        warmers.forEach((name, settings) -> settings.check(PREFIX + ".warmers." + name));
    }

    /** Returns the properties of one warmer; nothing is set if it has none. */
    public WarmerSettings ofWarmer(String name) {
        return warmers.getOrDefault(name, WarmerSettings.NONE);
    }
}
