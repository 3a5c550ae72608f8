package dev.millpond.benchmarks.measure;

import java.util.Locale;

/**
 * How a target and what was measured compare.
 *
 * @param title of the scenario
 * @param target what should be
 * @param shown what is
 * @param outcome "met", by how much it is not, or why nobody can tell
 */
public record Verdict(String title, String target, String shown, String outcome) {

    private static final String MET = "met";

    /** Returns the outcome of a target that is met, or missed by so much. */
    public static String outcome(boolean met, String missing) {
        return met ? MET : "short by " + missing;
    }

    /** Returns by how much a figure differs from its limit, rounded up. */
    public static String percent(double figure, double limit) {
        return String.format(Locale.ROOT, "%.0f %%", Math.ceil(100 * Math.abs(figure / limit - 1)));
    }

    /** Tells whether it is as it should be. */
    public boolean met() {
        return outcome.equals(MET);
    }
}
