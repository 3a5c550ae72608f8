package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BenchTest {

    @SuppressWarnings("NullAway") // no sampler asks for a Redis here
    private static final Bench NOWHERE = new Bench(null, Pace.SMOKE, System.err);

    private static Scenario scenario(Sampler sampler) {
        return new Scenario(
                "hot", "one key", sampler, List.of("Ours", "Theirs"), List.of(Target.number("Ours", Metric.TIME, 300)));
    }

    @Test
    void measure_allSamplesTaken_judgesTheTargets() throws Exception {
        Measured measured = NOWHERE.measure(scenario((peer, bench) -> Sample.of(Metric.TIME, 300)));

        assertThat(measured.failure()).isEmpty();
        assertThat(measured.verdicts()).containsExactly(new Verdict("one key", "Ours: mean ≤ 300 ns", "300 ns", "met"));
    }

    @Test
    void measure_aSampleFails_keepsThoseBeforeAndSaysWhy() throws Exception {
        Measured measured = NOWHERE.measure(scenario((peer, bench) -> {
            if (peer.equals("Theirs")) {
                throw new IOException("Process 12 ended early.\nIts error is above.");
            }
            return Sample.of(Metric.TIME, 300);
        }));

        assertThat(measured.samples()).isEqualTo(Map.of("Ours", Samples.of(Metric.TIME, 300)));
        assertThat(measured.failure()).isEqualTo(Optional.of("Process 12 ended early. Its error is above."));
        assertThat(measured.verdicts())
                .containsExactly(new Verdict(
                        "one key",
                        "Ours: mean ≤ 300 ns",
                        "–",
                        "not measured: Process 12 ended early. Its error is above."));
    }

    @Test
    void measure_noSampleTaken_leavesTheTablesWithoutFigures() throws Exception {
        Measured measured = NOWHERE.measure(scenario((peer, bench) -> {
            throw new IllegalStateException();
        }));

        assertThat(measured.failure()).isEqualTo(Optional.of("java.lang.IllegalStateException"));
        assertThat(PointTables.of(List.of(measured))).isEqualTo("""
                **one key**

                |  | ÷ first |
                |---|---|
                | Ours | – |
                | Theirs | – |
                """);
        assertThat(ComparisonTable.of(List.of(measured))).isEqualTo("""
                | path | peer |
                |---|---|
                | one key | Ours |
                | one key | Theirs |
                """);
    }
}
