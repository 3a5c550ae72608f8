package dev.millpond.spring.internal.jobs;

import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.spring.WarmerSettings;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jobs of a warmer, with the schedules that its properties give them. */
public final class WarmerJobs {

    /** What the names of warm-ups begin with, before the name of the warmer. */
    static final String WARM_UP = "warm-up:";

    private WarmerJobs() {}

    /** Returns the warm-up, and the refresh if there is a schedule for it. */
    public static Stream<Job> of(Warmer warmer, WarmerSettings settings) {
        return Stream.of(warmUp(warmer.warmUp(), settings), refresh(warmer.refresh(), settings))
                .filter(Objects::nonNull);
    }

    private static Job warmUp(Job job, WarmerSettings settings) {
        @Nullable Duration period = settings.refillEvery();
        return period == null ? job : job.every(period);
    }

    private static @Nullable Job refresh(Job job, WarmerSettings settings) {
        @Nullable Duration period = settings.refreshEvery();
        @Nullable Duration offset = settings.refreshOffset();
        if (period != null) {
            return offset == null ? job.every(period) : job.every(period).offset(offset);
        }
        @Nullable String cron = settings.refreshCron();
        @Nullable ZoneId zone = settings.refreshZone();
        return cron == null ? null : job.cron(cron, zone == null ? ZoneOffset.UTC : zone);
    }
}
