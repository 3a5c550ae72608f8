package dev.millpond.benchmarks.load;

import dev.millpond.benchmarks.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a run of the suite found.
 *
 * @param environment where it ran
 * @param time how long the load lasted
 * @param tiers a row for each tier
 * @param instances what each instance says of its decisions
 * @param scripts how many scripts Redis ran for them
 */
record LoadReport(
        Environment environment, Duration time, List<TierOutcome> tiers, List<InstanceMeters> instances, long scripts) {

    String markdown() {
        return "| tier | requests | admitted | most | of what was due | denied | failed |\n|---|---|---|---|---|---|---|\n"
                + tiers.stream().map(LoadReport::line).collect(Collectors.joining())
                + "\n" + decisions() + "\nRun for " + time.toSeconds() + " s with " + environment.text() + ".\n";
    }

    private static String line(TierOutcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.2f %% | %.1f %% | %d |%n",
                outcome.tier().name(),
                outcome.requests(),
                outcome.admitted(),
                outcome.most(),
                100 * outcome.share(),
                100.0 * outcome.denied() / outcome.requests(),
                outcome.failed());
    }

    private String decisions() {
        long decisions = sum(InstanceMeters::decisions);
        return String.format(
                Locale.ROOT,
                "%d decisions: %.2f scripts each, %d out of a burst, %d without Redis; they took %s at the median and %s"
                        + " at the 99th percentile (each instance).%n",
                decisions,
                (double) scripts / decisions,
                sum(InstanceMeters::bursts),
                sum(InstanceMeters::degraded),
                each(InstanceMeters::medianMicros),
                each(InstanceMeters::slowMicros));
    }

    private long sum(ToLongFunction<InstanceMeters> meter) {
        return instances.stream().mapToLong(meter).sum();
    }

    private String each(ToDoubleFunction<InstanceMeters> micros) {
        return instances.stream()
                .map(instance -> String.format(Locale.ROOT, "%.0f µs", micros.applyAsDouble(instance)))
                .collect(Collectors.joining(" and "));
    }

    /** Tells whether no tier admitted too much or too little. */
    boolean good() {
        return tiers.stream().allMatch(TierOutcome::exact);
    }

    String verdict() {
        return "millpond: " + tiers.stream().filter(TierOutcome::exact).count() + " of " + tiers.size()
                + " tiers admitted what they should";
    }
}
