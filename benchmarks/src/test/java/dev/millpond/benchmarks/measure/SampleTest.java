package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void perOperation_twoSamples_isWhatEachOperationAdded() {
        Sample before = Sample.of(Metric.SERVER_CPU, 100).with(Metric.ALLOCATED, 1_000);
        Sample after = Sample.of(Metric.SERVER_CPU, 500).with(Metric.ALLOCATED, 9_000);

        assertThat(after.perOperation(before, 4))
                .isEqualTo(Sample.of(Metric.SERVER_CPU, 100).with(Metric.ALLOCATED, 2_000));
    }

    @Test
    void medians_ofSamples_areThoseOfEachFigure() {
        assertThat(Sample.medians(List.of(
                        Sample.of(Metric.TIME, 1).with(Metric.REDIS_CPU, 30),
                        Sample.of(Metric.TIME, 2).with(Metric.REDIS_CPU, 10),
                        Sample.of(Metric.TIME, 9).with(Metric.REDIS_CPU, 20))))
                .isEqualTo(Sample.of(Metric.TIME, 2).with(Metric.REDIS_CPU, 20));
    }

    @Test
    void with_anotherSample_hasTheFiguresOfBoth() {
        assertThat(Sample.of(Metric.TIME, 1).with(Sample.of(Metric.RATE, 2)))
                .isEqualTo(Sample.of(Metric.TIME, 1).with(Metric.RATE, 2));
    }
}
