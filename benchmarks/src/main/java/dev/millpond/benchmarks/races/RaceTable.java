package dev.millpond.benchmarks.races;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows as a table in Markdown. */
final class RaceTable {

    private RaceTable() {}

    static String of(List<RaceRow> rows) {
        return header(rows) + rows.stream().map(RaceTable::line).collect(Collectors.joining());
    }

    private static String header(List<RaceRow> rows) {
        return "| cache and how it is used | stale: this node / other node | loads%s | slowest caller ÷ load time | to know |\n"
                        .formatted(callers(rows))
                + "|---|---|---|---|---|\n";
    }

    private static String callers(List<RaceRow> rows) {
        return rows.stream()
                .map(RaceRow::stampede)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .map(stampede -> " of " + stampede.callers() + " callers")
                .orElse("");
    }

    private static String line(RaceRow row) {
        return "| %s: %s | %s | %s | %s | %s |\n"
                .formatted(row.peer(), row.usage(), stale(row.races()), loads(row), wait(row), note(row));
    }

    private static String stale(RaceOutcome races) {
        return "%d / %d of %d".formatted(races.staleHere(), races.staleElsewhere(), races.races());
    }

    private static String loads(RaceRow row) {
        StampedeOutcome stampede = row.stampede();
        if (stampede == null) {
            return "–";
        }
        return stampede.fewestLoads() == stampede.mostLoads()
                ? Integer.toString(stampede.mostLoads())
                : stampede.fewestLoads() + "–" + stampede.mostLoads();
    }

    private static String wait(RaceRow row) {
        StampedeOutcome stampede = row.stampede();
        return stampede == null
                ? "–"
                : String.format(Locale.ROOT, "%.1f (worst %.1f)", stampede.medianWait(), stampede.longestWait());
    }

    private static String note(RaceRow row) {
        RaceOutcome races = row.races();
        String told = 2 * races.writersWaited() > races.races() ? "invalidation waited for the load" : "";
        return Stream.of(row.note(), told).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
    }
}
