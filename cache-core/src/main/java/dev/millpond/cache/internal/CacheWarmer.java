package dev.millpond.cache.internal;

import dev.millpond.cache.WarmUpException;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.WarmUpReport.Ending;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.spi.ProgressView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A warmer of one cache; thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class CacheWarmer<K, V> implements Warmer {

    private final TieredLoadingCache<K, V> cache;
    private final Supplier<? extends Stream<? extends K>> keys;
    private final WarmerSettings settings;
    private final WarmGate gate;
    private final LogWait logWait;
    private final Supplier<SwitchMode> warmUps;
    private final Function<String, ProgressView> views;

    /**
     * Creates a warmer.
     *
     * @param pause waits for so many nanoseconds
     * @param views begins to show a run that is no job, by the name of this
     */
    CacheWarmer(
            TieredLoadingCache<K, V> cache,
            Supplier<? extends Stream<? extends K>> keys,
            WarmerSettings settings,
            LongConsumer pause,
            Function<String, ProgressView> views) {
        this.cache = cache;
        this.keys = keys;
        this.settings = settings;
        Pace pace = new Pace(settings.loadsPerSecond(), cache.parts.registry().ticker());
        this.gate = new WarmGate(cache.parts.bulkhead(), pace, pause);
        this.logWait = new LogWait(cache.parts.registry().table(), pause);
        this.views = views;
        this.warmUps = cache.parts.registry().switches().follow(Switch.WARM_UP, SwitchMode.ON);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Job warmUp() {
        return Job.of("warm-up:" + name(), run -> run(false, run)).atStart().whileOn(Switch.WARM_UP);
    }

    @Override
    public Job refresh() {
        return Job.of("refresh:" + name(), run -> run(true, run)).whileOn(Switch.WARM_UP);
    }

    @Override
    public WarmUpReport run() {
        try (ProgressView view = views.apply(name())) {
            return run(false, WarmControl.toTheEnd(view::at));
        }
    }

    private Map<String, Long> run(boolean anew, JobRun job) {
        WarmUpReport report = run(anew, WarmControl.of(job, ended -> tell(job, ended)));
        if (report.failed() > 0 && report.loaded() == 0) {
            throw new WarmUpException(report, null);
        }
        return counts(report);
    }

    private void tell(JobRun job, WarmUpReport report) {
        job.counted(counts(report));
        switch (report.ending()) {
            case DEADLINE -> job.stoppedBy("its deadline of " + settings.deadline());
            case SWITCHED_OFF -> job.stoppedBy("the switch '" + Switch.WARM_UP + "'");
            default -> {
                // Whoever else ends a run says so.
            }
        }
    }

    private WarmUpReport run(boolean anew, WarmControl control) {
        WarmLimits limits = new WarmLimits(
                control, () -> !warmUps.get().isOff(), cache.parts.registry().ticker(), settings.deadline());
        logWait.await(limits);
        try (Stream<? extends K> stream = limits.goesOn() ? keysOfRun(limits) : Stream.empty()) {
            KeyBatches<K> batches = new KeyBatches<>(name(), stream, settings.batchSize());
            return new WarmRun<>(cache, settings, new WarmBatch<>(cache, anew), gate, batches, limits).run();
        }
    }

    private Stream<? extends K> keysOfRun(WarmLimits limits) {
        try {
            return Objects.requireNonNull(
                    keys.get(), () -> "Warmer '" + name() + "': the supplier of keys gave null. Give an empty stream.");
        } catch (RuntimeException | Error e) {
            limits.control().ended().accept(nothing(limits.took()));
            throw e;
        }
    }

    private WarmUpReport nothing(Duration took) {
        return new WarmUpReport(name(), Ending.FAILED, 0, 0, 0, 0, took, 0);
    }

    private static Map<String, Long> counts(WarmUpReport report) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("planned", report.planned());
        counts.put("loaded", report.loaded());
        counts.put("skipped", report.skipped());
        counts.put("failed", report.failed());
        counts.put("left", report.left());
        counts.put("bytes", report.bytes());
        return counts;
    }
}
