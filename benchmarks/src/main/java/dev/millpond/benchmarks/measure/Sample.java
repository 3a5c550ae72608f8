package dev.millpond.benchmarks.measure;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one process showed.
 *
 * @param figures what was measured; not everything is of everything
 */
public record Sample(Map<Metric, Double> figures) {

    /** Keeps a copy. */
    public Sample {
        figures = Collections.unmodifiableMap(new EnumMap<>(figures));
    }

    /** Returns a sample of one figure. */
    public static Sample of(Metric metric, double value) {
        return new Sample(Map.of(metric, value));
    }

    /** Returns this sample with another figure. */
    public Sample with(Metric metric, double value) {
        Map<Metric, Double> more = new EnumMap<>(figures);
        more.put(metric, value);
        return new Sample(more);
    }

    String text() {
        return figures.entrySet().stream()
                .map(figure -> figure.getKey().label() + " " + figure.getKey().text(figure.getValue()))
                .collect(Collectors.joining(", "));
    }
}
