package dev.millpond.spring.internal.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.spring.WarmUpSettings;
import dev.millpond.spring.internal.diagnostics.EditDistance;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The warm-ups that have to end before the application takes traffic; immutable.
 *
 * @param warmers their names
 * @param limit how long it waits at most
 */
record ReadyAfter(List<String> warmers, Duration limit) {

    private static final Logger log = LoggerFactory.getLogger(ReadyAfter.class);
    private static final String PREFIX = "millpond.cache.warm-up";
    private static final String READY_AFTER = PREFIX + ".ready-after";

    /**
     * Checks that there are such warm-ups.
     *
     * @throws InvalidPropertyException if one is missing
     */
    static ReadyAfter of(@Nullable Jobs jobs, WarmUpSettings settings) {
        List<String> known = jobs == null ? List.of() : names(jobs).toList();
        settings.readyAfter().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw unknown(name, known);
                });
        return new ReadyAfter(settings.readyAfter(), settings.readyLimit());
    }

    private static Stream<String> names(Jobs jobs) {
        return jobs.states().stream()
                .map(JobState::name)
                .filter(name -> name.startsWith(WarmerJobs.WARM_UP))
                .map(name -> name.substring(WarmerJobs.WARM_UP.length()));
    }

    private static InvalidPropertyException unknown(String name, List<String> known) {
        return new InvalidPropertyException(
                READY_AFTER,
                "names '" + name + "', must name warmers of this application, which are " + known + ".",
                EditDistance.nearest(name, known)
                        .map(nearest -> "Use '" + nearest + "', or make a bean of the Warmer '" + name + "'.")
                        .orElse("Make a bean of the Warmer '" + name + "', or remove it."));
    }

    /** Waits until they have ended, or the limit is over. */
    void await(Jobs jobs) {
        if (!warmers.isEmpty()) {
            await(jobs, Ticker.systemTicker());
        }
    }

    private void await(Jobs jobs, Ticker ticker) {
        long begunAt = ticker.read();
        boolean ended = jobs.awaitFirstRuns(
                warmers.stream().map(name -> WarmerJobs.WARM_UP + name).toList(), limit);
        if (ended) {
            Duration took = Duration.ofNanos(ticker.read() - begunAt);
            log.info("Took no traffic for {} ms, until the warm-ups of {} had ended.", took.toMillis(), warmers);
        } else {
            log.warn(
                    "The warm-ups of {} have not ended within '{}.ready-limit', which is {}; the application takes traffic"
                            + " while they go on. Allow them more time, or remove them from '{}'.",
                    unfinished(jobs),
                    PREFIX,
                    limit,
                    READY_AFTER);
        }
    }

    private List<String> unfinished(Jobs jobs) {
        return warmers.stream()
                .filter(name -> !jobs.awaitFirstRuns(List.of(WarmerJobs.WARM_UP + name), Duration.ZERO))
                .toList();
    }
}
