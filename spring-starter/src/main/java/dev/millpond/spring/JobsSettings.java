package dev.millpond.spring;

import dev.millpond.runtime.Jobs;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of all jobs; immutable.
 *
 * @param staggered Whether jobs with a period and no offset of their own are placed so that as few as possible start
 *     together; false lets them all start with their periods.
 * @param jitter By how much the starts of all jobs are shifted at most, so that applications with different namespaces
 *     do not all start theirs at the full minute.
 * @param concurrency How many jobs run at the same time on this node; from 1 to 1000.
 */
public record JobsSettings(
        @DefaultValue("true") boolean staggered,
        @DefaultValue("0s") Duration jitter,
        @DefaultValue("4") int concurrency) {

    private static final String PREFIX = "millpond.jobs";

    /** Checks all settings by the rules of jobs themselves. */
    public JobsSettings {
        Jobs.Builder core = Jobs.builder();
        PropertyCheck.check(PREFIX + ".jitter", jitter, core::jitter, "Give a duration such as 30s, or 0s for none.");
        PropertyCheck.check(
                PREFIX + ".concurrency", concurrency, core::concurrency, "Give a number of jobs such as 4.");
    }
}
