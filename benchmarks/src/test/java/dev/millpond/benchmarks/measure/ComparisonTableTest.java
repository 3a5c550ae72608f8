package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {

    private static final Sample FULL = Sample.of(Metric.TIME, 100_000)
            .with(Metric.RATE, 10_000)
            .with(Metric.P50, 90_000)
            .with(Metric.P99, 300_000)
            .with(Metric.COMMANDS, 1)
            .with(Metric.CLIENT_CPU, 26_000)
            .with(Metric.REDIS_CPU, 16_000)
            .with(Metric.ALLOCATED, 512);

    @Test
    void of_measured_isMarkdown() {
        Measured measured = Samples.measured(Map.of(
                "A", List.of(FULL),
                "B", Samples.of(Metric.TIME, 150_000, 250_000)));

        assertThat(ComparisonTable.of(List.of(measured))).isEqualTo("""
                | path | peer | time: median (least – most) | p50 / p99 | per second | Redis commands | CPU: client + Redis | allocated | first ÷ this |
                |---|---|---|---|---|---|---|---|---|
                | one key | A | 100 µs | 90.0 µs / 300 µs | 10.0 k/s | 1.00 | 26.0 µs + 16.0 µs | 512 B | 1.00 × |
                | one key | B | 200 µs (150 µs – 250 µs) | – | – | – | – | – | 0.50 × |
                """);
    }

    @Test
    void of_memory_showsItInPlaceOfTime() {
        Measured measured =
                Samples.measured(Map.of("A", Samples.of(Metric.MEMORY, 184), "B", Samples.of(Metric.MEMORY, 368)));
        Measured times = Samples.measured(Map.of("A", List.of(FULL)));

        assertThat(ComparisonTable.of(List.of(measured, times)))
                .contains("| one key | B | 368 B | – | – | – | – | – | 0.50 × |");
    }

    @Test
    void of_peerThatTakesFarLonger_hasARatioAllTheSame() {
        Measured measured =
                Samples.measured(Map.of("A", Samples.of(Metric.TIME, 345), "B", Samples.of(Metric.TIME, 77_600)));

        assertThat(ComparisonTable.of(List.of(measured))).contains("| one key | B | 77.6 µs | 0.0044 × |");
    }

    @Test
    void of_serverWithRedis_tellsTheThree() {
        Measured measured = Samples.measured(Map.of(
                "A",
                List.of(Sample.of(Metric.TIME, 1_000)
                        .with(Metric.SERVER_CPU, 130_000)
                        .with(Metric.CLIENT_CPU, 12_000)
                        .with(Metric.REDIS_CPU, 20_000))));

        assertThat(ComparisonTable.of(List.of(measured))).isEqualTo("""
                | path | peer | time: median (least – most) | CPU: server + client | CPU of Redis | first ÷ this |
                |---|---|---|---|---|---|
                | one key | A | 1.0 µs | 130 µs + 12.0 µs | 20.0 µs | 1.00 × |
                """);
    }

    @Test
    void of_starts_haveColumnsOfTheirOwn() {
        Measured measured = Samples.measured(Map.of(
                "A",
                List.of(
                        Sample.of(Metric.START, 2e9)
                                .with(Metric.SERVER_CPU, 4e9)
                                .with(Metric.THREADS, 30),
                        Sample.of(Metric.START, 3e9).with(Metric.THREADS, 32)),
                "B",
                List.of(Sample.of(Metric.START, 2e9).with(Metric.THREADS, 20))));

        assertThat(ComparisonTable.of(List.of(measured))).isEqualTo("""
                | path | peer | time: median (least – most) | CPU: server + client | threads | first ÷ this |
                |---|---|---|---|---|---|
                | one key | A | 2500 ms (2000 ms – 3000 ms) | 4000 ms | 31 | 1.00 × |
                | one key | B | 2000 ms | – | 20 | 1.25 × |
                """);
    }
}
