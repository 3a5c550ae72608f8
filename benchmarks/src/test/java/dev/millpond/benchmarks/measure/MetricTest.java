package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricTest {

    @Test
    void text_time_hasAUnitThatFits() {
        assertThat(Metric.TIME.text(0.5)).isEqualTo("0.50 ns");
        assertThat(Metric.TIME.text(33.14)).isEqualTo("33.1 ns");
        assertThat(Metric.P50.text(117_400)).isEqualTo("117 µs");
        assertThat(Metric.P99.text(1_010_000)).isEqualTo("1.0 ms");
    }

    @Test
    void text_start_isInMilliseconds() {
        assertThat(Metric.START.text(1_840_300_000)).isEqualTo("1840 ms");
        assertThat(Metric.THREADS.text(31)).isEqualTo("31");
    }

    @Test
    void text_rate_hasAUnitThatFits() {
        assertThat(Metric.RATE.text(900)).isEqualTo("900 /s");
        assertThat(Metric.RATE.text(112_000)).isEqualTo("112 k/s");
        assertThat(Metric.RATE.text(2_500_000)).isEqualTo("2.5 M/s");
    }

    @Test
    void text_commands_areNotRoundedToNothing() {
        assertThat(Metric.COMMANDS.text(0.07)).isEqualTo("0.07");
        assertThat(Metric.COMMANDS.text(31.4)).isEqualTo("31");
    }

    @Test
    void meets_commands_toleratesWhatAsksForThem() {
        assertThat(Metric.COMMANDS.meets(1.002, 1)).isTrue();
        assertThat(Metric.COMMANDS.meets(1.1, 1)).isFalse();
    }
}
