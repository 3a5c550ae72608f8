package dev.millpond.benchmarks.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measurements of tests. */
final class Samples {

    private Samples() {}

    static Measured measured(Map<String, List<Sample>> samples, Target... targets) {
        Scenario scenario = new Scenario(
                "hot",
                "one key",
                (peer, bench) -> Sample.of(Metric.TIME, 0),
                samples.keySet().stream().sorted().toList(),
                List.of(targets));
        return new Measured(scenario, samples, Optional.empty());
    }

    /** One sample for each value. */
    static List<Sample> of(Metric metric, double... values) {
        return Arrays.stream(values).mapToObj(value -> Sample.of(metric, value)).toList();
    }
}
