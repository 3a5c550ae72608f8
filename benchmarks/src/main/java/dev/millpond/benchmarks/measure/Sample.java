package dev.millpond.benchmarks.measure;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
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

    /** Returns the median of each figure of some samples, which all have the same. */
    public static Sample medians(List<Sample> samples) {
        Map<Metric, Double> medians = new EnumMap<>(Metric.class);
        for (Metric metric : samples.get(0).figures.keySet()) {
            medians.put(
                    metric,
                    Spread.of(samples.stream()
                                    .map(sample -> sample.figures.get(metric))
                                    .toList())
                            .median());
        }
        return new Sample(medians);
    }

    /** Returns this sample with another figure. */
    public Sample with(Metric metric, double value) {
        Map<Metric, Double> more = new EnumMap<>(figures);
        more.put(metric, value);
        return new Sample(more);
    }

    /** Returns this sample with all figures of another one. */
    public Sample with(Sample other) {
        Map<Metric, Double> more = new EnumMap<>(figures);
        more.putAll(other.figures);
        return new Sample(more);
    }

    /** Returns by how much each figure has grown since an earlier sample, for each of a number of operations. */
    public Sample perOperation(Sample before, double operations) {
        Map<Metric, Double> grown = new EnumMap<>(figures);
        before.figures.forEach((metric, value) -> grown.merge(metric, value, (now, then) -> (now - then) / operations));
        return new Sample(grown);
    }

    String text() {
        return figures.entrySet().stream()
                .map(figure -> figure.getKey().label() + " " + figure.getKey().text(figure.getValue()))
                .collect(Collectors.joining(", "));
    }
}
