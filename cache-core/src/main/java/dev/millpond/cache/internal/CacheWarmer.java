package dev.millpond.cache.internal;

import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final Supplier<SwitchMode> warmUps;

    CacheWarmer(
            TieredLoadingCache<K, V> cache,
            Supplier<? extends Stream<? extends K>> keys,
            WarmerSettings settings,
            LongConsumer pause) {
        this.cache = cache;
        this.keys = keys;
        this.settings = settings;
        this.gate = new WarmGate(
                cache.parts.bulkhead(),
                new Pace(settings.loadsPerSecond()),
                cache.parts.registry().ticker(),
                pause);
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
        return run(false, WarmControl.NONE);
    }

    private Map<String, Long> run(boolean anew, JobRun job) {
        return counts(run(anew, WarmControl.of(job)));
    }

    private WarmUpReport run(boolean anew, WarmControl control) {
        WarmLimits limits = new WarmLimits(
                control, () -> !warmUps.get().isOff(), cache.parts.registry().ticker(), settings.deadline());
        try (KeyBatches<K> batches = new KeyBatches<>(keys.get(), settings.batchSize())) {
            return new WarmRun<>(cache, settings, new WarmBatch<>(cache, anew), gate, batches, limits).run();
        }
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
