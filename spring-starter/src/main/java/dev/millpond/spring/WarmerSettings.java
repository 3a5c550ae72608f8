package dev.millpond.spring;

import dev.millpond.cache.OnFailure;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one warmer; immutable. What is null is not set.
 *
 * @param concurrency How many batches it has under way at once, from 1 to 64; by default that of all warmers, as with
 *     the next four.
 * @param loadsPerSecond How often it calls the loader at most on each node, evenly spread; from 0.000001 to 1000000.
 * @param batchSize How many keys it looks up together, and gives to a bulk loader together; from 1 to 10000.
 * @param deadline How long it may take; after that no further load begins.
 * @param onFailure What a failed load means - accumulate, it goes on and counts them, or fail, it ends with the first
 *     one.
 * @param refillEvery How often one node of the fleet loads again what has got lost, after the warm-up at the start;
 *     never if not set.
 * @param refreshEvery How often one node of the fleet loads all keys anew; never if not set, and if there is no cron
 *     expression.
 * @param refreshOffset When in this period that starts; placed among the other jobs if not set.
 * @param refreshCron When one node of the fleet loads all keys anew - second, minute, hour, day of month, month and day
 *     of week, such as '0 30 4 * * MON-FRI'; in place of a period.
 * @param refreshZone Whose clock counts for the cron expression, such as Europe/Berlin; UTC if not set.
 */
public record WarmerSettings(
        @Nullable Integer concurrency,
        @Nullable Double loadsPerSecond,
        @Nullable Integer batchSize,
        @Nullable Duration deadline,
        @Nullable OnFailure onFailure,
        @Nullable Duration refillEvery,
        @Nullable Duration refreshEvery,
        @Nullable Duration refreshOffset,
        @Nullable String refreshCron,
        @Nullable ZoneId refreshZone) {

    static final WarmerSettings NONE = new WarmerSettings(null, null, null, null, null, null, null, null, null, null);

    private static final String REFILL_EVERY = ".refill-every";
    private static final String REFRESH_EVERY = ".refresh-every";
    private static final String REFRESH_OFFSET = ".refresh-offset";
    private static final String REFRESH_CRON = ".refresh-cron";

    /** Checks how it works by the rules of warmers themselves, on a builder that is thrown away. */
    void checkLimits(String prefix, Warmer.Builder core) {
        PropertyCheck.check(
                prefix + ".concurrency", concurrency, core::concurrency, "Give a number of batches such as 4.");
        PropertyCheck.check(
                prefix + ".loads-per-second",
                loadsPerSecond,
                core::loadsPerSecond,
                "Give a number of calls such as 50, or remove it.");
        PropertyCheck.check(prefix + ".batch-size", batchSize, core::batchSize, "Give a number of keys such as 100.");
        PropertyCheck.check(prefix + ".deadline", deadline, core::deadline, "Give a duration such as 10m.");
    }

    /** Checks when it runs by the rules of jobs themselves, on one that is thrown away. */
    void checkSchedule(String prefix) {
        Job job = Job.of("refresh", run -> Map.of());
        String periodFix = "Give a duration such as 5m, or remove it.";
        PropertyCheck.check(prefix + REFILL_EVERY, refillEvery, job::every, periodFix);
        PropertyCheck.check(prefix + REFRESH_EVERY, refreshEvery, job::every, periodFix);
        PropertyCheck.check(
                prefix + REFRESH_CRON,
                refreshCron,
                job::cron,
                "Give second, minute, hour, day of month, month and day of week, such as '0 30 4 * * *'.");
        checkOffset(prefix, job);
        checkTogether(prefix);
    }

    private void checkOffset(String prefix, Job job) {
        String property = prefix + REFRESH_OFFSET;
        if (refreshEvery != null) {
            PropertyCheck.check(
                    property, refreshOffset, job.every(refreshEvery)::offset, "Remove it to have the job placed.");
        } else {
            PropertyCheck.refuse(
                    property,
                    refreshOffset,
                    "but there is no '" + prefix + REFRESH_EVERY + "' that it could be a part of.",
                    "Set that, or remove it.");
        }
    }

    private void checkTogether(String prefix) {
        if (refreshEvery != null) {
            PropertyCheck.refuse(
                    prefix + REFRESH_CRON,
                    refreshCron,
                    "and '" + prefix + REFRESH_EVERY + "' is set too; only one of them can say when it is refreshed.",
                    "Remove one of them.");
        }
        if (refreshCron == null) {
            PropertyCheck.refuse(
                    prefix + ".refresh-zone",
                    refreshZone,
                    "but there is no '" + prefix + REFRESH_CRON + "' for which its clock could count.",
                    "Set that, or remove it.");
        }
    }
}
