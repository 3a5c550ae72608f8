package dev.millpond.benchmarks.measure;

import java.util.List;

/**
 * How a figure varies from process to process.
 *
 * @param median the one in the middle; of an even number the mean of the two there
 * @param least the lowest
 * @param most the highest
 */
public record Spread(double median, double least, double most) {

    /** Returns the spread of one value or more. */
    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(size - 1));
    }

    /** Returns "33.1 ns (31.0 ns – 40.2 ns)", or the value alone if there is only one. */
    String text(Metric metric) {
        return least == most
                ? metric.text(median)
                : metric.text(median) + " (" + metric.text(least) + " – " + metric.text(most) + ")";
    }
}
