package dev.millpond.benchmarks.races;

import static dev.millpond.benchmarks.races.Rows.row;
import static dev.millpond.benchmarks.races.Rows.stampede;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class RaceTableTest {

    private static final List<RaceRow> ROWS = List.of(
            row("Millpond", 0, 0, stampede(1, 1)),
            new RaceRow("Other", "get; lock, remove", "slow", new RaceOutcome(10, 0, 0, 0, 10), stampede(4, 32)),
            row("Third", 10, 0, null));

    @Test
    void of_rows_isMarkdown() {
        assertThat(RaceTable.of(ROWS)).isEqualTo("""
                | cache and how it is used | stale: this node / other node | loads of 32 callers | slowest caller ÷ load time | to know |
                |---|---|---|---|---|
                | Millpond: get; remove | 0 / 0 of 10 | 1 | 1.3 (worst 2.0) |  |
                | Other: get; lock, remove | 0 / 0 of 10 | 4–32 | 1.3 (worst 2.0) | slow; invalidation waited for the load |
                | Third: get; remove | 10 / 0 of 10 | – | – |  |
                """);
    }

    @Test
    void verdicts_ofTheTable_areOnePerRow() {
        assertThat(RaceVerdicts.of(RaceTable.of(ROWS)))
                .containsExactly(
                        entry("Millpond: get; remove", "right / right"),
                        entry("Other: get; lock, remove", "right / right"),
                        entry("Third: get; remove", "stale / right"));
    }

    @Test
    void verdicts_otherNumberOfRaces_areTheSame() {
        String table = "| A: get | 4 / 0 of 4 | 1 | – | x |\n";

        assertThat(RaceVerdicts.of(table)).isEqualTo(RaceVerdicts.of("| A: get | 50 / 0 of 50 | – | – |  |\n"));
    }
}
