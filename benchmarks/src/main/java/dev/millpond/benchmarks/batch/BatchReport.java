package dev.millpond.benchmarks.batch;

import dev.millpond.benchmarks.Environment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run of the suite found.
 *
 * @param environment where it ran
 * @param heapMebibytes the largest heap that the process may have
 * @param steps in their order
 */
record BatchReport(Environment environment, int heapMebibytes, List<BatchStep> steps) {

    String markdown() {
        return "| batch | time | keys per second | live heap after it | commands | loaded | wrong |\n|---|---|---|---|---|---|---|\n"
                + steps.stream().map(BatchStep::row).collect(Collectors.joining())
                + "\n" + steps.stream().mapToLong(BatchStep::keys).max().orElse(0) + " keys, in a heap of "
                + heapMebibytes + " MiB, with " + environment.text() + ".\n";
    }

    /** Tells whether each key was dealt with as it should be. */
    boolean good() {
        return !steps.isEmpty() && steps.stream().allMatch(BatchStep::good);
    }

    String verdict() {
        return "millpond: " + steps.stream().filter(BatchStep::good).count() + " of " + steps.size()
                + " batches dealt with all keys";
    }
}
