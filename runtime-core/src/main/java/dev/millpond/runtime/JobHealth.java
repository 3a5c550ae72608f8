package dev.millpond.runtime;

import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.spi.HealthSource;
import java.time.Duration;
import java.time.InstantSource;
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
 * {@link Status#DEGRADED}, and else {@code fine}. The figures say how many jobs there are, run and are paused.
 * Thread-safe.
 *
 * <p>With {@link #readyAfter} the check {@code warmUp} is {@code running}, and the instance {@link Status#DOWN}, until
 * the runs at the start of some jobs have ended or a time is over; then it is {@code ended}, or {@code given-up}. That
 * keeps a load balancer from sending requests to an instance whose caches are empty, so it is no check for whoever
 * restarts instances that are down.
 */
public final class JobHealth implements HealthSource {

    private final Jobs jobs;
    private final Set<String> awaited;
    private final InstantSource clock;
    private final long givenUpAtMillis;
    private volatile String warmUp = "running";

    private JobHealth(Jobs jobs, Collection<String> awaited, Duration limit, InstantSource clock) {
        this.jobs = Objects.requireNonNull(jobs, "Job health: jobs are null. Give the application's Jobs.");
        this.awaited = Set.copyOf(awaited);
        this.clock = clock;
        this.givenUpAtMillis = clock.millis() + limit.toMillis();
    }

    /**
     * Returns what to give to the health monitor; the jobs stay open.
     *
     * @throws NullPointerException if the jobs are null
     */
    public static JobHealth of(Jobs jobs) {
        return new JobHealth(jobs, Set.of(), Duration.ZERO, InstantSource.system());
    }

    /**
     * Returns what to give to the health monitor of an instance that serves only after the runs at the start of some
     * jobs, however these end.
     *
     * @param names of the jobs
     * @param limit for how long from now it waits at most
     * @throws IllegalArgumentException if there is no job of one of these names
     */
    public static JobHealth readyAfter(Jobs jobs, Collection<String> names, Duration limit) {
        return readyAfter(jobs, names, limit, InstantSource.system());
    }

    static JobHealth readyAfter(Jobs jobs, Collection<String> names, Duration limit, InstantSource clock) {
        JobHealth health = new JobHealth(jobs, names, limit, clock);
        names.forEach(name -> Objects.requireNonNull(jobs.state(name)));
        return health;
    }

    @Override
    public List<Check> checks() {
        boolean failing = jobs.states().stream().anyMatch(JobHealth::hasFailed);
        Check all = new Check("jobs", failing ? "failing" : "fine", failing ? Status.DEGRADED : Status.UP);
        return awaited.isEmpty() ? List.of(all) : List.of(all, warmUp());
    }

    private static boolean hasFailed(JobState state) {
        return state.last()
                .filter(last -> last.status() == JobState.Status.FAILED)
                .isPresent();
    }

    private Check warmUp() {
        if (warmUp.equals("running")) {
            if (jobs.awaitFirstRuns(awaited, Duration.ZERO)) {
                warmUp = "ended";
            } else if (clock.millis() >= givenUpAtMillis) {
                warmUp = "given-up";
            }
        }
        return new Check("warmUp", warmUp, warmUp.equals("running") ? Status.DOWN : Status.UP);
    }

    @Override
    public Map<String, Number> metrics() {
        List<JobState> states = jobs.states();
        Map<String, Number> metrics = new LinkedHashMap<>();
        metrics.put("jobs", states.size());
        metrics.put(
                "jobsRunning",
                states.stream().filter(each -> each.running().isPresent()).count());
        metrics.put(
                "jobsPaused",
                states.stream().filter(each -> each.paused().isPresent()).count());
        return metrics;
    }
}
