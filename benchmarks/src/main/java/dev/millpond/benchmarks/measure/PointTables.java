package dev.millpond.benchmarks.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each point of scales showed, a table for each scenario with the figures that were taken there. */
public final class PointTables {

    private static final String NOTHING = "–";
    private static final int MANY = 100;

    private PointTables() {}

    /** Returns tables in Markdown; the last column has the first figure as a multiple of that of the first point. */
    public static String of(List<Measured> all) {
        return all.stream().map(PointTables::of).collect(Collectors.joining("\n"));
    }

    private static String of(Measured measured) {
        List<Metric> metrics = metrics(measured);
        return "**" + measured.scenario().title() + "**\n\n"
                + line(Stream.concat(
                        Stream.concat(Stream.of(""), metrics.stream().map(Metric::label)), Stream.of("÷ first")))
                + "|---".repeat(metrics.size() + 2) + "|\n"
                + measured.scenario().peers().stream()
                        .map(point -> line(cells(measured, point, metrics)))
                        .collect(Collectors.joining());
    }

    private static List<Metric> metrics(Measured measured) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric != Metric.STRAYS)
                .filter(metric -> measured.scenario().peers().stream()
                        .anyMatch(point -> measured.spread(point, metric).isPresent()))
                .toList();
    }

    private static Stream<String> cells(Measured measured, String point, List<Metric> metrics) {
        return Stream.concat(
                Stream.concat(
                        Stream.of(measured.named(point)),
                        metrics.stream().map(metric -> cell(measured, point, metric))),
                Stream.of(metrics.stream()
                        .findFirst()
                        .map(metric -> ratio(measured, point, metric))
                        .orElse(NOTHING)));
    }

    private static String cell(Measured measured, String point, Metric metric) {
        return measured.spread(point, metric).map(spread -> spread.text(metric)).orElse(NOTHING);
    }

    private static String ratio(Measured measured, String point, Metric metric) {
        String first = measured.scenario().peers().get(0);
        return measured.spread(point, metric)
                .flatMap(own -> measured.spread(first, metric).map(other -> own.median() / other.median()))
                .map(ratio -> String.format(Locale.ROOT, ratio < MANY ? "%.2f ×" : "%.0f ×", ratio))
                .orElse(NOTHING);
    }

    private static String line(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
