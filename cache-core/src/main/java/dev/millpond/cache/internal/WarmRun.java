package dev.millpond.cache.internal;

import dev.millpond.cache.CacheStats;
import dev.millpond.cache.OnFailure;
import dev.millpond.cache.WarmUpException;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.WarmUpReport.Ending;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.runtime.spi.DaemonThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a warmer.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class WarmRun<K, V> {

    private final TieredLoadingCache<K, V> cache;
    private final WarmerSettings settings;
    private final WarmBatch<K, V> warming;
    private final WarmGate gate;
    private final KeyBatches<K> batches;
    private final WarmLimits limits;
    private final CacheStats before;
    private final WarmCounts counts = new WarmCounts();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    WarmRun(
            TieredLoadingCache<K, V> cache,
            WarmerSettings settings,
            WarmBatch<K, V> warming,
            WarmGate gate,
            KeyBatches<K> batches,
            WarmLimits limits) {
        this.cache = cache;
        this.settings = settings;
        this.warming = warming;
        this.gate = gate;
        this.batches = batches;
        this.limits = limits;
        this.before = cache.stats();
    }

    /**
     * Warms the keys, or as many as the limits allow.
     *
     * @throws WarmUpException if a load failed and the run ends with the first failure
     */
    WarmUpReport run() {
        ExecutorService threads =
                Executors.newFixedThreadPool(settings.concurrency(), new DaemonThreads("millpond-warm-up"));
        try {
            await(IntStream.range(0, settings.concurrency())
                    .mapToObj(i -> CompletableFuture.runAsync(this::work, threads))
                    .toArray(CompletableFuture[]::new));
        } finally {
            threads.shutdown();
        }
        WarmUpReport report = report();
        if (report.ending() == Ending.FAILED) {
            throw new WarmUpException(report, failure.get());
        }
        return report;
    }

    private void await(CompletableFuture<?>[] workers) {
        CompletableFuture<Void> all = CompletableFuture.allOf(workers);
        try {
            all.get();
        } catch (InterruptedException e) {
            limits.end(Ending.CANCELLED);
            boolean unused = all.handle((nothing, broken) -> true).join(); // loads under way end by themselves
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw Failures.unchecked(e);
        }
    }

    private void work() {
        try {
            List<K> batch = nextBatch();
            while (!batch.isEmpty()) {
                warm(batch);
                batch = nextBatch();
            }
        } catch (RuntimeException | Error e) {
            limits.end(Ending.FAILED); // there is no sense in other keys if these are none
            throw e;
        }
    }

    private List<K> nextBatch() {
        return limits.goesOn() ? batches.next() : List.of();
    }

    private void warm(List<K> batch) {
        List<List<K>> toLoad = warming.toLoad(batch);
        counts.skipped.add(batch.size() - toLoad.stream().mapToInt(List::size).sum());
        progress();
        for (List<K> keys : toLoad) {
            try (Permit permit = gate.enter(limits::goesOn)) {
                if (permit == null) {
                    return;
                }
                load(keys, permit);
            }
        }
    }

    private void load(List<K> keys, Permit permit) {
        WarmBatch.Result result = warming.load(keys, permit);
        counts.add(result, keys.size());
        progress();
        if (result.failed() > 0 && settings.onFailure() == OnFailure.FAIL) {
            failure.compareAndSet(null, result.failure());
            limits.end(Ending.FAILED);
        }
    }

    private void progress() {
        limits.control().progress(counts.done(), batches.size());
    }

    private WarmUpReport report() {
        CacheStats now = cache.stats();
        long bytes = now.bytesRead() - before.bytesRead() + now.bytesWritten() - before.bytesWritten();
        return new WarmUpReport(
                settings.name(),
                limits.ending(),
                batches.planned(),
                counts.loaded.sum(),
                counts.skipped.sum(),
                counts.failed.sum(),
                limits.took(),
                bytes);
    }
}
