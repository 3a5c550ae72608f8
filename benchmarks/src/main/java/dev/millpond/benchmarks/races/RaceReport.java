package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.Environment;
import dev.millpond.benchmarks.measure.TargetTable;
import dev.millpond.benchmarks.measure.Verdict;
import java.util.List;

/**
 * What a run of the suite found.
 *
 * @param environment where it ran
 * @param rows one row for each way to use a peer
 * @param targets what stampedes should show, and what they showed
 */
record RaceReport(Environment environment, List<RaceRow> rows, List<Verdict> targets) {

    String markdown() {
        return RaceTable.of(rows) + '\n' + TargetTable.of(targets) + "\nRun with " + environment.text() + ".\n";
    }
}
