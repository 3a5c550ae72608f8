package dev.millpond.benchmarks.measure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was measured, and what of it should be how good, as tables in Markdown. */
final class ComparisonTable {

    private static final String NOTHING = "–";
    private static final double SMALL = 0.01;

    private static final List<Column> COLUMNS = List.of(
            new Column("path", (measured, peer) -> measured.scenario().title()),
            new Column("peer", Measured::named),
            new Column("time: median (least – most)", ComparisonTable::spread),
            new Column("p50 / p99", (measured, peer) -> both(measured, peer, Metric.P50, " / ", Metric.P99)),
            new Column("per second", (measured, peer) -> median(measured, peer, Metric.RATE)),
            new Column("Redis commands", (measured, peer) -> median(measured, peer, Metric.COMMANDS)),
            new Column("CPU: client + Redis", ComparisonTable::clientCpu),
            new Column("CPU: server + client", ComparisonTable::serverCpu),
            new Column("CPU of Redis", ComparisonTable::redisCpu),
            new Column("allocated", (measured, peer) -> median(measured, peer, Metric.ALLOCATED)),
            new Column("threads", (measured, peer) -> median(measured, peer, Metric.THREADS)),
            new Column("connections", (measured, peer) -> median(measured, peer, Metric.CONNECTIONS)),
            new Column("first ÷ this", ComparisonTable::ratio));

    /** Where the time of an operation would be too little to say, this is what its peers are compared by. */
    private static final List<Metric> MAIN_METRICS = List.of(Metric.TIME, Metric.START, Metric.MEMORY);

    private ComparisonTable() {}

    /** Leaves out what was measured of nobody. */
    static String of(List<Measured> all) {
        List<Column> columns = COLUMNS.stream()
                .filter(column -> all.stream().anyMatch(column::isIn))
                .toList();
        return line(columns.stream().map(Column::header))
                + line(columns.stream().map(column -> "---")).replace(" ", "")
                + all.stream().flatMap(measured -> lines(columns, measured)).collect(Collectors.joining());
    }

    private static Stream<String> lines(List<Column> columns, Measured measured) {
        return measured.scenario().peers().stream()
                .map(peer -> line(columns.stream().map(column -> column.cell().apply(measured, peer))));
    }

    private static String line(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static Optional<Metric> mainMetric(Measured measured, String peer) {
        return MAIN_METRICS.stream()
                .filter(metric -> measured.spread(peer, metric).isPresent())
                .findFirst();
    }

    private static String spread(Measured measured, String peer) {
        return mainMetric(measured, peer)
                .flatMap(metric -> measured.spread(peer, metric).map(spread -> spread.text(metric)))
                .orElse(NOTHING);
    }

    private static String median(Measured measured, String peer, Metric metric) {
        return measured.spread(peer, metric)
                .map(spread -> metric.text(spread.median()))
                .orElse(NOTHING);
    }

    private static String both(Measured measured, String peer, Metric one, String between, Metric other) {
        String text = median(measured, peer, one) + between + median(measured, peer, other);
        return text.contains(NOTHING) ? NOTHING : text;
    }

    private static String clientCpu(Measured measured, String peer) {
        return hasServer(measured, peer) ? NOTHING : both(measured, peer, Metric.CLIENT_CPU, " + ", Metric.REDIS_CPU);
    }

    private static String redisCpu(Measured measured, String peer) {
        return hasServer(measured, peer) ? median(measured, peer, Metric.REDIS_CPU) : NOTHING;
    }

    private static boolean hasServer(Measured measured, String peer) {
        return measured.spread(peer, Metric.SERVER_CPU).isPresent();
    }

    /** A start has no client to speak of. */
    private static String serverCpu(Measured measured, String peer) {
        String ofBoth = both(measured, peer, Metric.SERVER_CPU, " + ", Metric.CLIENT_CPU);
        return ofBoth.equals(NOTHING) ? median(measured, peer, Metric.SERVER_CPU) : ofBoth;
    }

    private static String ratio(Measured measured, String peer) {
        String first = measured.scenario().peers().get(0);
        return mainMetric(measured, peer)
                .flatMap(metric -> measured.spread(first, metric)
                        .flatMap(own -> measured.spread(peer, metric).map(other -> own.median() / other.median())))
                .map(ratio -> String.format(Locale.ROOT, ratio < SMALL ? "%.4f ×" : "%.2f ×", ratio))
                .orElse(NOTHING);
    }

    /**
     * What is said of each peer.
     *
     * @param header what it is
     * @param cell what it is of a peer, by name
     */
    private record Column(String header, BiFunction<Measured, String, String> cell) {

        boolean isIn(Measured measured) {
            return measured.scenario().peers().stream()
                    .anyMatch(peer -> !cell.apply(measured, peer).equals(NOTHING));
        }
    }
}
