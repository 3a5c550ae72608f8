package dev.millpond.benchmarks.races;

import static dev.millpond.benchmarks.races.Rows.row;
import static dev.millpond.benchmarks.races.Rows.stampede;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void line_allRight_addsUpTheRowsOfThePeer() {
        Verdict verdict = Verdict.of(
                List.of(row("Millpond", 0, 0, stampede(1, 1)), row("Millpond", 0, 0, null), row("Other", 9, 9, null)),
                "Millpond");

        assertThat(verdict.line()).isEqualTo("millpond: stale 0 of 20 races, loads 1 of 32 callers");
        assertThat(verdict.targets())
                .containsExactly("1 load in the fleet: 1, met", "slowest caller ≤ 2 × load time: 1.25 ×, met");
        assertThat(verdict.good()).isTrue();
    }

    @Test
    void good_staleOnAnyNode_isFalse() {
        Verdict verdict = Verdict.of(List.of(row("Millpond", 0, 1, stampede(1, 1))), "Millpond");

        assertThat(verdict.line()).isEqualTo("millpond: stale 1 of 10 races, loads 1 of 32 callers");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_twoLoadsInOneRound_isFalse() {
        Verdict verdict = Verdict.of(List.of(row("Millpond", 0, 0, stampede(1, 2))), "Millpond");

        assertThat(verdict.line()).isEqualTo("millpond: stale 0 of 10 races, loads 2 of 32 callers");
        assertThat(verdict.targets()).contains("1 load in the fleet: 2, short by 1");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_slowestCallerWaitsForMoreThanTwoLoads_isFalse() {
        StampedeOutcome slow = new StampedeOutcome(32, 3, 1, 1, 2.5, 3);

        Verdict verdict =
                Verdict.of(List.of(row("Millpond", 0, 0, stampede(1, 1)), row("Millpond", 0, 0, slow)), "Millpond");

        assertThat(verdict.targets()).contains("slowest caller ≤ 2 × load time: 2.50 ×, short by 25 %");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_nothingRun_isFalse() {
        assertThat(Verdict.of(List.of(), "Millpond").good()).isFalse();
    }
}
