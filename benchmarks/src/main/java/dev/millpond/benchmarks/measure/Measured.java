package dev.millpond.benchmarks.measure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a scenario showed.
 *
 * @param scenario the scenario
 * @param samples of each peer, one for each process
 * @param failure why samples are missing; empty if all were taken
 */
public record Measured(Scenario scenario, Map<String, List<Sample>> samples, Optional<String> failure) {

    private static final double HARMLESS = 0.001;

    /** Returns how a figure of a peer varies; empty if it was not measured. */
    Optional<Spread> spread(String peer, Metric metric) {
        List<Double> values = samples.getOrDefault(peer, List.of()).stream()
                .flatMap(sample -> Optional.ofNullable(sample.figures().get(metric)).stream())
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** Returns the part of a peer's operations that were not what is measured; 0 if that is too small to matter. */
    double strays(String peer) {
        return spread(peer, Metric.STRAYS)
                .map(Spread::most)
                .filter(part -> part > HARMLESS)
                .orElse(0.0);
    }

    /** Returns a peer with what has to be known of its figures. */
    String named(String peer) {
        double strays = strays(peer);
        return strays == 0
                ? peer
                : String.format(Locale.ROOT, "%s (of which %.1f %% were something else)", peer, 100 * strays);
    }

    List<Verdict> verdicts() {
        return scenario.targets().stream()
                .map(target -> failure.map(reason -> target.unmeasured(scenario, reason))
                        .orElseGet(() -> target.judge(this)))
                .toList();
    }
}
