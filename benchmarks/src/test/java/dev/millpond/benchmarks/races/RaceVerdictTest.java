package dev.millpond.benchmarks.races;

import static dev.millpond.benchmarks.races.Rows.row;
import static dev.millpond.benchmarks.races.Rows.stampede;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.benchmarks.measure.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceVerdictTest {

    @Test
    void line_allRight_addsUpTheRowsOfThePeer() {
        RaceVerdict verdict = RaceVerdict.of(
                List.of(row("Millpond", 0, 0, stampede(1, 1)), row("Millpond", 0, 0, null), row("Other", 9, 9, null)),
                "Millpond");

        assertThat(verdict.line()).isEqualTo("millpond: stale 0 of 20 races, loads 1 of 32 callers");
        assertThat(verdict.targets())
                .containsExactly(
                        new Verdict(
                                "stampede of 32 callers",
                                "Millpond: loads in the fleet = 1, in all rounds",
                                "1",
                                "met"),
                        new Verdict(
                                "stampede of 32 callers",
                                "Millpond: slowest caller ≤ 2 × load time, median of the rounds",
                                "1.25 ×, in the worst round 2.00 ×",
                                "met"));
        assertThat(verdict.good()).isTrue();
    }

    @Test
    void good_staleOnAnyNode_isFalse() {
        RaceVerdict verdict = RaceVerdict.of(List.of(row("Millpond", 0, 1, stampede(1, 1))), "Millpond");

        assertThat(verdict.line()).isEqualTo("millpond: stale 1 of 10 races, loads 1 of 32 callers");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_twoLoadsInOneRound_isFalse() {
        RaceVerdict verdict = RaceVerdict.of(List.of(row("Millpond", 0, 0, stampede(1, 2))), "Millpond");

        assertThat(verdict.line()).isEqualTo("millpond: stale 0 of 10 races, loads 2 of 32 callers");
        assertThat(verdict.targets().get(0).shown()).isEqualTo("2");
        assertThat(verdict.targets().get(0).outcome()).isEqualTo("short by 1");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_noLoadInOneRound_isFalse() {
        RaceVerdict verdict = RaceVerdict.of(
                List.of(row("Millpond", 0, 0, stampede(0, 1)), row("Millpond", 0, 0, stampede(1, 1))), "Millpond");

        assertThat(verdict.targets().get(0).shown()).isEqualTo("0");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_slowestCallerWaitsForMoreThanTwoLoads_isFalse() {
        StampedeOutcome slow = new StampedeOutcome(32, 3, 1, 1, 2.5, 3);

        RaceVerdict verdict =
                RaceVerdict.of(List.of(row("Millpond", 0, 0, stampede(1, 1)), row("Millpond", 0, 0, slow)), "Millpond");

        assertThat(verdict.targets().get(1).shown()).isEqualTo("2.50 ×, in the worst round 3.00 ×");
        assertThat(verdict.targets().get(1).outcome()).isEqualTo("short by 25 %");
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void good_nothingRun_isFalse() {
        assertThat(RaceVerdict.of(List.of(), "Millpond").good()).isFalse();
    }
}
