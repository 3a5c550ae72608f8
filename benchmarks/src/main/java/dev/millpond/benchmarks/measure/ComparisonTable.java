package dev.millpond.benchmarks.measure;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was measured, and what of it should be how good, as tables in Markdown. */
final class ComparisonTable {

    private static final String NOTHING = "–";

    private ComparisonTable() {}

    static String of(List<Measured> all) {
        return "| path | peer | time: median (least – most) | p50 / p99 | per second | Redis commands | CPU: client + Redis"
                + " | allocated | first ÷ this |\n|---|---|---|---|---|---|---|---|---|\n"
                + all.stream().flatMap(ComparisonTable::lines).collect(Collectors.joining());
    }

    static String ofTargets(List<Measured> all) {
        return "| path | target | measured | |\n|---|---|---|---|\n"
                + all.stream()
                        .flatMap(measured -> measured.verdicts().stream())
                        .map(verdict -> line(verdict.title(), verdict.target(), verdict.shown(), verdict.outcome()))
                        .collect(Collectors.joining());
    }

    private static Stream<String> lines(Measured measured) {
        return measured.scenario().peers().stream().map(peer -> line(measured, peer));
    }

    private static String line(Measured measured, String peer) {
        return line(
                measured.scenario().title(),
                measured.named(peer),
                spread(measured, peer),
                median(measured, peer, Metric.P50) + " / " + median(measured, peer, Metric.P99),
                median(measured, peer, Metric.RATE),
                median(measured, peer, Metric.COMMANDS),
                median(measured, peer, Metric.CLIENT_CPU) + " + " + median(measured, peer, Metric.REDIS_CPU),
                median(measured, peer, Metric.ALLOCATED),
                ratio(measured, peer));
    }

    private static String line(String... cells) {
        return "| "
                + String.join(" | ", cells)
                        .replace(NOTHING + " / " + NOTHING, NOTHING)
                        .replace(NOTHING + " + " + NOTHING, NOTHING)
                + " |\n";
    }

    private static Metric mainMetric(Measured measured, String peer) {
        return measured.spread(peer, Metric.TIME).isPresent() ? Metric.TIME : Metric.MEMORY;
    }

    private static String spread(Measured measured, String peer) {
        Metric metric = mainMetric(measured, peer);
        return measured.spread(peer, metric).map(spread -> spread.text(metric)).orElse(NOTHING);
    }

    private static String median(Measured measured, String peer, Metric metric) {
        return measured.spread(peer, metric)
                .map(spread -> metric.text(spread.median()))
                .orElse(NOTHING);
    }

    private static String ratio(Measured measured, String peer) {
        Metric metric = mainMetric(measured, peer);
        String first = measured.scenario().peers().get(0);
        return measured.spread(first, metric)
                .flatMap(own -> measured.spread(peer, metric).map(other -> own.median() / other.median()))
                .map(ratio -> String.format(Locale.ROOT, "%.2f ×", ratio))
                .orElse(NOTHING);
    }
}
