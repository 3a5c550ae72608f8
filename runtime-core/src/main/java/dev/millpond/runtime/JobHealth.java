package dev.millpond.runtime;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.spi.HealthSource;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the jobs of an application say of themselves, for a {@link HealthMonitor}.
 *
 * <p>The check {@code jobs} is {@code failing} while the last run of a job on this node has failed, which is
 * {@link Status#DEGRADED}, and else {@code fine}. The check {@code warmUp} is {@code running} until the runs at the
 * start have ended, however they end, and then {@code ended}; meanwhile the instance is {@link Status#DEGRADED}. The
 * figures say how many jobs there are, run and are paused, and how far those are that run, {@code jobsDone} of
 * {@code jobsTotal}, if they know. Thread-safe.
 *
 * <p>With {@link #readyAfter} the instance is {@link Status#DOWN} meanwhile, at most for a time; then {@code warmUp} is
 * {@code given-up}. That keeps a load balancer from sending requests to an instance whose caches are empty, so it is no
 * check for whoever restarts instances that are down.
 */
public final class JobHealth implements HealthSource {

    private static final String RUNNING = "running";
    private static final Duration LONGEST_LIMIT = Duration.ofDays(1);

    private final Jobs jobs;
    private final Set<String> awaited;
    private final Status meanwhile;
    private final Ticker ticker;
    private final long begunAt;
    private final long limitNanos;
    private volatile String warmUp = RUNNING;

    private JobHealth(Jobs jobs, Collection<String> awaited, Status meanwhile, Ticker ticker, long limitNanos) {
        this.jobs = jobs;
        this.awaited = Set.copyOf(awaited);
        this.meanwhile = meanwhile;
        this.ticker = ticker;
        this.begunAt = ticker.read();
        this.limitNanos = limitNanos;
    }

    /**
     * Returns what to give to the health monitor; the jobs stay open.
     *
     * @throws NullPointerException if the jobs are null
     */
    public static JobHealth of(Jobs jobs) {
        List<String> all = given(jobs).states().stream().map(JobState::name).toList();
        return new JobHealth(jobs, all, Status.DEGRADED, Ticker.systemTicker(), Long.MAX_VALUE);
    }

    /**
     * Returns what to give to the health monitor of an instance that serves only after the runs at the start of some
     * jobs, however these end.
     *
     * @param names of the jobs, at least one
     * @param limit for how long from now it waits at most, zero to one day
     * @throws IllegalArgumentException if there is no name, no job of one of these names, or the limit is out of its
     *     range
     */
    public static JobHealth readyAfter(Jobs jobs, Collection<String> names, Duration limit) {
        return readyAfter(jobs, names, limit, Ticker.systemTicker());
    }

    static JobHealth readyAfter(Jobs jobs, Collection<String> names, Duration limit, Ticker ticker) {
        Jobs all = given(jobs);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("Job health: there is no job to be ready after. Name one, such as"
                    + " 'warm-up:standings', or use JobHealth.of(jobs).");
        }
        if (limit.isNegative() || limit.compareTo(LONGEST_LIMIT) > 0) {
            throw new IllegalArgumentException("Job health: limit is " + limit + ", must be from 0 to " + LONGEST_LIMIT
                    + ". Use for example Duration.ofMinutes(1).");
        }
        names.forEach(name -> Objects.requireNonNull(all.state(name)));
        return new JobHealth(all, names, Status.DOWN, ticker, limit.toNanos());
    }

    private static Jobs given(Jobs jobs) {
        return Objects.requireNonNull(jobs, "Job health: jobs are null. Give the application's Jobs.");
    }

    @Override
    public List<Check> checks() {
        boolean failing = jobs.states().stream().anyMatch(JobHealth::hasFailed);
        Check all = new Check("jobs", failing ? "failing" : "fine", failing ? Status.DEGRADED : Status.UP);
        return List.of(all, warmUp());
    }

    private static boolean hasFailed(JobState state) {
        return state.last()
                .filter(last -> last.status() == JobState.Status.FAILED)
                .isPresent();
    }

    private Check warmUp() {
        if (warmUp.equals(RUNNING)) {
            if (jobs.awaitFirstRuns(awaited, Duration.ZERO)) {
                warmUp = "ended";
            } else if (ticker.read() - begunAt >= limitNanos) {
                warmUp = "given-up";
            }
        }
        return new Check("warmUp", warmUp, warmUp.equals(RUNNING) ? meanwhile : Status.UP);
    }

    @Override
    public Map<String, Number> metrics() {
        List<JobState> states = jobs.states();
        Map<String, Number> metrics = new LinkedHashMap<>();
        metrics.put("jobs", states.size());
        metrics.put(
                "jobsRunning",
                states.stream().filter(each -> each.running().isPresent()).count());
        states.stream()
                .flatMap(each -> each.running().stream())
                .filter(run -> run.total() > 0)
                .forEach(run -> {
                    metrics.merge("jobsDone", run.done(), JobHealth::sum);
                    metrics.merge("jobsTotal", run.total(), JobHealth::sum);
                });
        metrics.put(
                "jobsPaused",
                states.stream().filter(each -> each.paused().isPresent()).count());
        return metrics;
    }

    private static Number sum(Number one, Number other) {
        return one.longValue() + other.longValue();
    }
}
