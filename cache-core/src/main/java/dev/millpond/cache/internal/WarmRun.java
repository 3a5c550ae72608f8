package dev.millpond.cache.internal;

import dev.millpond.cache.CacheStats;
import dev.millpond.cache.OnFailure;
import dev.millpond.cache.WarmUpException;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.WarmUpReport.Ending;
import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.cache.internal.WarmBatch.Part;
import dev.millpond.runtime.spi.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a warmer.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class WarmRun<K, V> {

    private static final Logger log = LoggerFactory.getLogger(WarmRun.class);

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
            await(workers(threads));
        } finally {
            threads.shutdown();
            limits.control().ended().accept(report());
        }
        WarmUpReport report = report();
        tell(report);
        if (report.ending() == Ending.FAILED) {
            throw new WarmUpException(report, failure.get());
        }
        return report;
    }

    /** Goes on with fewer threads where the system has no more. */
    private CompletableFuture<?>[] workers(ExecutorService threads) {
        List<CompletableFuture<?>> workers = new ArrayList<>();
        try {
            while (workers.size() < settings.concurrency()) {
                workers.add(CompletableFuture.runAsync(this::work, threads));
            }
        } catch (OutOfMemoryError e) {
            if (workers.isEmpty()) {
                throw e;
            }
        }
        return workers.toArray(CompletableFuture[]::new);
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
        return batches.next(limits::goesOn);
    }

    private void warm(List<K> batch) {
        List<Part<K, V>> toLoad = warming.toLoad(batch);
        counts.skipped.add(batch.size()
                - toLoad.stream().mapToInt(part -> part.keys().size()).sum());
        progress();
        boolean unused = Thread.interrupted(); // by what gave the keys: this thread waits for its turn by parking
        for (Part<K, V> part : toLoad) {
            try (Permit permit = gate.enter(limits::goesOn)) {
                if (permit == null) {
                    return;
                }
                load(part, permit);
            }
        }
    }

    private void load(Part<K, V> part, Permit permit) {
        WarmBatch.Result result = warming.load(part, permit);
        boolean unused = Thread.interrupted(); // by a loader that was: others have nothing to do with that
        counts.add(result, part.keys().size());
        progress();
        if (result.failed() > 0) {
            failure.compareAndSet(null, result.failure());
            if (settings.onFailure() == OnFailure.FAIL) {
                limits.end(Ending.FAILED);
            }
        }
    }

    private synchronized void progress() {
        limits.control().progress().at(counts.done(), batches.size());
    }

    /** A reason to end that came when nothing was left to do is none. */
    private Ending ending() {
        boolean isComplete = batches.areTaken() && counts.done() == batches.planned();
        return isComplete && limits.ending() != Ending.FAILED ? Ending.COMPLETED : limits.ending();
    }

    private void tell(WarmUpReport report) {
        if (report.failed() > 0) {
            log.warn(
                    "Warm-up '{}' of cache '{}' could not load {} of {} keys. The first failure: {}",
                    report.warmer(),
                    cache.name(),
                    report.failed(),
                    report.planned(),
                    Failures.text(failure.get()));
        }
        if (report.ending() == Ending.DEADLINE) {
            log.warn(
                    "Warm-up '{}' of cache '{}' has ended at its deadline of {} before all keys were looked at. Raise the"
                            + " deadline, its loadsPerSecond or its concurrency, or warm fewer keys.",
                    report.warmer(),
                    cache.name(),
                    settings.deadline());
        }
    }

    private WarmUpReport report() {
        CacheStats now = cache.stats();
        long bytes = now.bytesRead() - before.bytesRead() + now.bytesWritten() - before.bytesWritten();
        return new WarmUpReport(
                settings.name(),
                ending(),
                batches.planned(),
                counts.loaded.sum(),
                counts.skipped.sum(),
                counts.failed.sum(),
                limits.took(),
                bytes);
    }
}
