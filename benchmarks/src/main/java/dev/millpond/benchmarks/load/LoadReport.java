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
 * @param times how long those of each instance took
 */
record LoadReport(
        Environment environment,
        Duration time,
        List<TierOutcome> tiers,
        List<InstanceMeters> instances,
        List<DecisionTimes> times) {

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
                "%d decisions: %.2f calls to Redis each, %d out of a burst, %d without Redis; those of the largest tier out of its"
                        + " burst took %s at the median and %s at the 99th percentile (each instance, the last half"
                        + " minute).%n",
                decisions,
                (double) sum(InstanceMeters::calls) / decisions,
                sum(InstanceMeters::bursts),
                sum(InstanceMeters::degraded),
                each(DecisionTimes::medianMicros),
                each(DecisionTimes::slowMicros));
    }

    private long sum(ToLongFunction<InstanceMeters> meter) {
        return instances.stream().mapToLong(meter).sum();
    }

    private String each(ToDoubleFunction<DecisionTimes> micros) {
        return times.stream()
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
