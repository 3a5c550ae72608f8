package dev.millpond.spring.internal.metrics;

import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.Jobs;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * How the jobs are on this node.
 *
 * <p>Their tag is {@code job.name}, since Prometheus has a label {@code job} of its own: that of the application.
 */
public final class JobMeters implements MeterBinder {

    private static final String PREFIX = "millpond.job.";

    private final Jobs jobs;
    private final InstantSource clock = InstantSource.system();

    /** Creates it; the jobs stay open. */
    public JobMeters(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        jobs.states().forEach(state -> new OfOne(registry, state.name()).bind());
    }

    /** The meters of one job. */
    private final class OfOne {

        private final MeterRegistry registry;
        private final String name;
        private final Tags tags;

        OfOne(MeterRegistry registry, String name) {
            this.registry = registry;
            this.name = name;
            this.tags = Tags.of("job.name", name);
        }

        void bind() {
            count("runs", tags, "Runs that began", JobState::runs);
            count("failures", tags, "Runs that failed", JobState::failures);
            count("overruns", tags, "Times it was due and still running", JobState::overruns);
            for (Skip reason : Skip.values()) {
                count(
                        "skips",
                        tags.and("reason", word(reason)),
                        "Times it was due and not started",
                        state -> state.skips().getOrDefault(reason, 0L));
            }
            gauge(
                    "running",
                    "1 while it runs, else 0",
                    state -> is(state.running().isPresent()));
            gauge("progress", "Part of the run that is done, from 0 to 1", JobMeters::progress);
            gauge("done", "What the run has done", state -> told(state, Progress::done));
            gauge("planned", "What the run has to do in all", state -> told(state, JobMeters::total));
            gauge("rate", "What the run does per second", state -> told(state, JobMeters.this::perSecond));
            gauge(
                    "paused",
                    "1 while it is paused, else 0",
                    state -> is(state.paused().isPresent()));
            gauge("last.failed", "1 if the last run failed, else 0", JobMeters::lastFailed);
            time("last.duration", "How long the last run took", TimeUnit.NANOSECONDS, JobMeters::lastNanos);
            time(
                    "next.run",
                    "When it is due next, since the beginning of 1970",
                    TimeUnit.MILLISECONDS,
                    JobMeters::nextMillis);
        }

        private void time(String meter, String description, TimeUnit unit, ToDoubleFunction<JobState> value) {
            TimeGauge.builder(PREFIX + meter, jobs, unit, measured -> value.applyAsDouble(measured.state(name)))
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        private void count(String meter, Tags with, String description, ToDoubleFunction<JobState> value) {
            FunctionCounter.builder(PREFIX + meter, jobs, measured -> value.applyAsDouble(measured.state(name)))
                    .tags(with)
                    .description(description)
                    .register(registry);
        }

        private void gauge(String meter, String description, ToDoubleFunction<JobState> value) {
            Gauge.builder(PREFIX + meter, jobs, measured -> value.applyAsDouble(measured.state(name)))
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }
    }

    private static double progress(JobState state) {
        return state.running()
                .filter(run -> run.total() > 0)
                .map(run -> Math.min(1.0, (double) run.done() / run.total()))
                .orElse(Double.NaN);
    }

    private static double told(JobState state, ToDoubleFunction<Progress> figure) {
        return state.running().map(figure::applyAsDouble).orElse(Double.NaN);
    }

    private static double total(Progress run) {
        return run.total() > 0 ? run.total() : Double.NaN;
    }

    private double perSecond(Progress run) {
        return run.perSecond(clock.instant());
    }

    private static double lastNanos(JobState state) {
        return state.last().map(last -> (double) last.took().toNanos()).orElse(Double.NaN);
    }

    private static double lastFailed(JobState state) {
        return state.last()
                .map(last -> is(last.status() == JobState.Status.FAILED))
                .orElse(Double.NaN);
    }

    private static double nextMillis(JobState state) {
        return state.nextRun().map(next -> (double) next.toEpochMilli()).orElse(Double.NaN);
    }

    private static double is(boolean condition) {
        return condition ? 1 : 0;
    }

    private static String word(Skip reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
