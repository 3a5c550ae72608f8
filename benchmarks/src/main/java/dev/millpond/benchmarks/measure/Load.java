package dev.millpond.benchmarks.measure;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * A benchmark of JMH: each sample is one process, on a Redis that is empty at first.
 *
 * @param benchmark the class of the benchmark, with a parameter "peer"
 * @param method its method
 * @param threads how many threads call it
 * @param percentiles whether single calls are timed; else only the mean is taken, for what is too short for that
 * @param parameters all others of the benchmark
 */
public record Load(Class<?> benchmark, String method, int threads, boolean percentiles, Map<String, String> parameters)
        implements Sampler {

    private static final double SLOW = 99;
    private static final double MEDIAN = 50;
    private static final double NANOS = 1e9;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** Keeps a copy. */
    public Load {
        parameters = Map.copyOf(parameters);
    }

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        bench.redis().flush();
        Collection<RunResult> results = new Runner(
                        options(peer, bench).build(),
                        OutputFormatFactory.createFormatInstance(bench.log(), VerboseMode.NORMAL))
                .run();
        return sample(results.iterator().next());
    }

    private ChainedOptionsBuilder options(String peer, Bench bench) {
        Pace pace = bench.pace();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "." + method) + "$")
                .mode(percentiles ? Mode.SampleTime : Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .threads(threads)
                .forks(1)
                .warmupIterations(Pace.WARM_UP_PARTS)
                .warmupTime(TimeValue.milliseconds(pace.warmUp().toMillis() / Pace.WARM_UP_PARTS))
                .measurementIterations(pace.iterations())
                .measurementTime(TimeValue.milliseconds(pace.iteration().toMillis()))
                .jvmArgsAppend(
                        "-Xms1g", "-Xmx1g", RedisAddress.option(bench.redis().url()))
                .addProfiler(GCProfiler.class)
                .addProfiler(RedisProfiler.class)
                .shouldFailOnError(true)
                .param("peer", peer);
        parameters.forEach(options::param);
        return options;
    }

    private Sample sample(RunResult result) {
        double nanos = result.getPrimaryResult().getScore();
        Sample sample = Sample.of(Metric.TIME, nanos)
                .with(Metric.RATE, threads * NANOS / nanos)
                .with(Metric.COMMANDS, secondary(result, Metric.COMMANDS.name()))
                .with(Metric.CLIENT_CPU, secondary(result, Metric.CLIENT_CPU.name()))
                .with(Metric.REDIS_CPU, secondary(result, Metric.REDIS_CPU.name()))
                .with(Metric.STRAYS, secondary(result, Metric.STRAYS.name()))
                .with(Metric.ALLOCATED, secondary(result, ALLOCATED));
        return percentiles ? withPercentiles(sample, result.getPrimaryResult().getStatistics()) : sample;
    }

    private static Sample withPercentiles(Sample sample, Statistics times) {
        return sample.with(Metric.P50, times.getPercentile(MEDIAN)).with(Metric.P99, times.getPercentile(SLOW));
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        if (found == null) {
            throw new IllegalStateException("JMH gave no '" + name + "', only "
                    + result.getSecondaryResults().keySet() + ". Did its profiler get another name for it?");
        }
        return found.getScore();
    }
}
