package dev.millpond.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PointsTest {

    private static final Points POINTS = new Points()
            .add("1 key", (peer, bench) -> Sample.of(Metric.TIME, 1))
            .add("5 keys", (peer, bench) -> Sample.of(Metric.TIME, 5))
            .add("9 keys", (peer, bench) -> Sample.of(Metric.TIME, 9));

    @SuppressWarnings("NullAway") // no point asks for a Redis here
    private static final Bench NOWHERE = new Bench(null, Pace.SMOKE, System.err);

    @Test
    void ends_threePoints_leavesOutTheMiddle() {
        assertThat(POINTS.ends().names()).containsExactly("1 key", "9 keys");
    }

    @Test
    void sample_aPoint_isMeasuredInItsOwnWay() throws Exception {
        assertThat(POINTS.sample("5 keys", NOWHERE)).isEqualTo(Sample.of(Metric.TIME, 5));
        assertThatThrownBy(() -> POINTS.ends().sample("5 keys", NOWHERE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Nothing is named '5 keys' here. Use one of [1 key, 9 keys].");
    }

    @Test
    void of_points_hasTheFiguresThatWereTaken() {
        Measured measured = Samples.measured(Map.of(
                "1 key", List.of(new Sample(Map.of(Metric.TIME, 100.0, Metric.COMMANDS, 1.0))),
                "9 keys",
                        List.of(
                                new Sample(Map.of(Metric.TIME, 200.0, Metric.STRAYS, 0.5)),
                                new Sample(Map.of(Metric.TIME, 400.0)))));

        assertThat(PointTables.of(List.of(measured))).isEqualTo("""
                **one key**

                |  | mean | Redis commands | ÷ first |
                |---|---|---|---|
                | 1 key | 100 ns | 1.00 | 1.00 × |
                | 9 keys (of which 50.0 % were something else) | 300 ns (200 ns – 400 ns) | – | 3.00 × |
                """);
    }
}
