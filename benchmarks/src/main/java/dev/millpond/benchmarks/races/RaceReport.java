package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.Environment;
import java.util.List;

/**
 * What a run of the suite found.
 *
 * @param environment where it ran
 * @param rows one row for each way to use a peer
 */
record RaceReport(Environment environment, List<RaceRow> rows) {

    String markdown() {
        return RaceTable.of(rows) + "\nRun with " + environment.text() + ".\n";
    }
}
