package dev.millpond.benchmarks.measure;

import dev.millpond.benchmarks.Environment;
import java.util.List;
import java.util.Map;

/**
 * What a suite of scenarios found, as it is written to a file.
 *
 * @param environment where it ran
 * @param versions of what was compared
 * @param pace how long
 * @param samples of each peer, by the name of the scenario
 * @param verdicts how targets and measurements compare
 */
record ComparisonReport(
        Environment environment,
        String versions,
        Pace pace,
        Map<String, Map<String, List<Sample>>> samples,
        List<Verdict> verdicts) {

    boolean good() {
        return verdicts.stream().allMatch(Verdict::met);
    }

    String verdict() {
        return "millpond: " + verdicts.stream().filter(Verdict::met).count() + " of " + verdicts.size()
                + " targets met";
    }

    String text() {
        return "Run with " + environment.text() + "; " + versions + "; " + pace.text() + ".\n";
    }
}
