package dev.millpond.benchmarks.measure;

import static dev.millpond.benchmarks.measure.Samples.measured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {

    private static Verdict verdict(Target target, Map<String, List<Sample>> samples) {
        return target.judge(measured(samples));
    }

    @Test
    void judge_timeWithinTheMultiple_isMet() {
        Verdict verdict = verdict(
                Target.multiple("Ours", Metric.TIME, 1.1, "Theirs"),
                Map.of("Ours", Samples.of(Metric.TIME, 99, 109, 300), "Theirs", Samples.of(Metric.TIME, 100)));

        assertThat(verdict).isEqualTo(new Verdict("one key", "Ours: mean ≤ 1.1 × Theirs", "109 ns = 1.09 ×", "met"));
        assertThat(verdict.met()).isTrue();
    }

    @Test
    void judge_timeBeyondTheMultiple_isShortByTheRest() {
        Verdict verdict = verdict(
                Target.multiple("Ours", Metric.TIME, 1.0, "Theirs"),
                Map.of("Ours", Samples.of(Metric.TIME, 150), "Theirs", Samples.of(Metric.TIME, 100)));

        assertThat(verdict.outcome()).isEqualTo("short by 50 %");
        assertThat(verdict.met()).isFalse();
    }

    @Test
    void judge_severalOthers_isHeldToTheBest() {
        Map<String, List<Sample>> times = Map.of(
                "Ours", Samples.of(Metric.P50, 100_000),
                "Slow", Samples.of(Metric.P50, 200_000),
                "Quick", Samples.of(Metric.P50, 80_000));

        assertThat(verdict(Target.multiple("Ours", Metric.P50, 1.05, "Slow", "Quick"), times))
                .isEqualTo(new Verdict(
                        "one key",
                        "Ours: p50 ≤ 1.05 × the better of Slow and Quick",
                        "100 µs = 1.25 ×",
                        "short by 20 %"));
    }

    @Test
    void judge_rate_isBetterWhenHigher() {
        Map<String, List<Sample>> rates = Map.of(
                "Ours", Samples.of(Metric.RATE, 100_000),
                "Slow", Samples.of(Metric.RATE, 10_000),
                "Quick", Samples.of(Metric.RATE, 50_000));

        assertThat(verdict(Target.multiple("Ours", Metric.RATE, 2, "Slow", "Quick"), rates)
                        .outcome())
                .isEqualTo("met");
        assertThat(verdict(Target.multiple("Ours", Metric.RATE, 2.5, "Slow", "Quick"), rates))
                .isEqualTo(new Verdict(
                        "one key",
                        "Ours: rate ≥ 2.5 × the better of Slow and Quick",
                        "100 k/s = 2.00 ×",
                        "short by 20 %"));
    }

    @Test
    void judge_number_isComparedAsItIs() {
        Map<String, List<Sample>> times = Map.of("Ours", Samples.of(Metric.TIME, 301));

        assertThat(verdict(Target.number("Ours", Metric.TIME, 300), times))
                .isEqualTo(new Verdict("one key", "Ours: mean ≤ 300 ns", "301 ns", "short by 1 %"));
    }

    @Test
    void judge_onTopOfAnother_isTheDifference() {
        Target target = Target.added("Ours", Metric.ALLOCATED, 1024, "Alone");

        assertThat(verdict(
                        target,
                        Map.of(
                                "Ours", Samples.of(Metric.ALLOCATED, 1900),
                                "Alone", Samples.of(Metric.ALLOCATED, 1000))))
                .isEqualTo(new Verdict("one key", "Ours: allocated ≤ Alone + 1024 B", "1900 B = + 900 B", "met"));
        assertThat(verdict(
                                target,
                                Map.of(
                                        "Ours", Samples.of(Metric.ALLOCATED, 2100),
                                        "Alone", Samples.of(Metric.ALLOCATED, 1000)))
                        .outcome())
                .isEqualTo("short by 76 B");
    }

    @Test
    void judge_onTopOfAnother_mayBeLess() {
        Verdict verdict = verdict(
                Target.added("Ours", Metric.THREADS, 0, "Alone"),
                Map.of("Ours", Samples.of(Metric.THREADS, 20), "Alone", Samples.of(Metric.THREADS, 22)));

        assertThat(verdict).isEqualTo(new Verdict("one key", "Ours: threads ≤ Alone + 0", "20 = − 2", "met"));
    }

    @Test
    void judge_nothingAllocated_toleratesWhatCannotBeMeasured() {
        Target target = Target.number("Ours", Metric.ALLOCATED, 0);

        assertThat(verdict(target, Map.of("Ours", Samples.of(Metric.ALLOCATED, 0.001)))
                        .outcome())
                .isEqualTo("met");
        assertThat(verdict(target, Map.of("Ours", Samples.of(Metric.ALLOCATED, 24)))
                        .outcome())
                .isEqualTo("short by 24 B");
    }

    @Test
    void judge_othersDidSomethingElse_isNotMeasured() {
        Verdict verdict = verdict(
                Target.multiple("Ours", Metric.TIME, 1.0, "Theirs"),
                Map.of(
                        "Ours", Samples.of(Metric.TIME, 100),
                        "Theirs", List.of(Sample.of(Metric.TIME, 100).with(Metric.STRAYS, 0.02))));

        assertThat(verdict.outcome()).isEqualTo("not measured: 2.0 % were something else");
        assertThat(verdict.met()).isFalse();
    }

    @Test
    void judge_notMeasured_saysWhatIsMissing() {
        assertThatThrownBy(() -> verdict(Target.number("Ours", Metric.P99, 1), Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "No p99 of 'Ours' was measured, which a target needs. Measure it, or leave the target out.");
    }
}
