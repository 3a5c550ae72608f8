package dev.millpond.benchmarks.measure;

/**
 * How a target and what was measured compare.
 *
 * @param title of the scenario
 * @param target what should be
 * @param shown what is
 * @param outcome "met", by how much it is not, or why nobody can tell
 */
public record Verdict(String title, String target, String shown, String outcome) {

    boolean met() {
        return outcome.equals("met");
    }
}
