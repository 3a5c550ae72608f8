package dev.millpond.benchmarks.http;

import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import java.time.Duration;
import org.openjdk.jmh.util.SampleBuffer;
import org.openjdk.jmh.util.Statistics;

/** What a {@link ClosedLoop} was answered in a time; not thread-safe. */
final class LoopAnswers {

    private static final double MEDIAN = 50;
    private static final double SLOW = 99;
    private static final double NANOS = 1e9;

    private final SampleBuffer times = new SampleBuffer();
    private long count;
    private long strays;
    private Duration time = Duration.ZERO;

    void add(long nanos, boolean wanted) {
        times.add(nanos);
        count++;
        strays += wanted ? 0 : 1;
    }

    void end(Duration whole) {
        time = whole;
    }

    /** Returns how many answers there are. */
    long count() {
        return count;
    }

    /** Returns how many of them are not what was wanted. */
    long strays() {
        return strays;
    }

    Sample sample() {
        Statistics statistics = times.getStatistics(1);
        return Sample.of(Metric.TIME, statistics.getMean())
                .with(Metric.P50, statistics.getPercentile(MEDIAN))
                .with(Metric.P99, statistics.getPercentile(SLOW))
                .with(Metric.RATE, count * NANOS / time.toNanos())
                .with(Metric.STRAYS, (double) strays / count);
    }
}
