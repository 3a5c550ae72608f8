package dev.millpond.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.IterationType;

/**
 * Counts, for each operation, commands of Redis, the processor time of Redis and of this process, and strays.
 *
 * <p>Redis counts the commands that scripts call like those that clients send. So their part is looked at while the
 * warm-up is under way, when it disturbs nobody.
 */
public final class RedisProfiler implements InternalProfiler {

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private CompletableFuture<Double> shareOfClients = CompletableFuture.completedFuture(1.0);
    private long callsBefore;
    private double redisCpuBefore;
    private long ownCpuBefore;
    private long straysBefore;

    @Override
    public String getDescription() {
        return "Commands and processor time of Redis, and processor time of this process";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        if (iteration.getType() == IterationType.WARMUP) {
            shareOfClients = CompletableFuture.supplyAsync(() -> asked(() -> redis().shareOfClients(LOOK)), SOON);
        }
        callsBefore = asked(redis()::calls);
        redisCpuBefore = asked(redis()::cpuNanos);
        straysBefore = Strays.soFar();
        ownCpuBefore = PROCESS.getProcessCpuTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double operations = result.getMetadata().getAllOps();
        double ownCpu = PROCESS.getProcessCpuTime() - ownCpuBefore;
        double redisCpu = asked(redis()::cpuNanos) - redisCpuBefore;
        double calls = asked(redis()::calls) - callsBefore;
        return List.of(
                scalar(Metric.CLIENT_CPU, ownCpu / operations),
                scalar(Metric.REDIS_CPU, redisCpu / operations),
                scalar(Metric.COMMANDS, calls * shareOfClients.join() / operations),
                scalar(Metric.STRAYS, (Strays.soFar() - straysBefore) / operations));
    }

    /** JMH makes this profiler also in the process that starts others, which knows of no Redis. */
    private static RedisProbe redis() {
        return new RedisProbe(RedisAddress.ofThisFork());
    }

    private static ScalarResult scalar(Metric metric, double value) {
        return new ScalarResult(metric.name(), value, "per operation", AggregationPolicy.AVG);
    }

    private static <T> T asked(Question<T> question) {
        try {
            return question.ask();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Question<T> {

        T ask() throws IOException;
    }
}
