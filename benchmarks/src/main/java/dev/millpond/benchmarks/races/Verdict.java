package dev.millpond.benchmarks.races;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one peer showed in all its rows.
 *
 * @param peer the name of the peer
 * @param stale in how many races it was stale
 * @param races how many there were
 * @param loads the loads in its worst stampede
 * @param callers the callers of a stampede
 * @param slowest wait of a caller in load times, the median of the rounds in its worst row
 */
record Verdict(String peer, int stale, int races, int loads, int callers, double slowest) {

    private static final double LONGEST_WAIT = 2;

    static Verdict of(List<RaceRow> rows, String peer) {
        List<RaceRow> own = rows.stream().filter(row -> row.peer().equals(peer)).toList();
        RaceOutcome races = own.stream().map(RaceRow::races).reduce(RaceOutcome.NONE, RaceOutcome::plus);
        List<StampedeOutcome> stampedes =
                own.stream().map(RaceRow::stampede).flatMap(Stream::ofNullable).toList();
        return new Verdict(
                peer,
                races.stale(),
                races.races(),
                stampedes.stream().mapToInt(StampedeOutcome::mostLoads).max().orElse(0),
                stampedes.stream().mapToInt(StampedeOutcome::callers).max().orElse(0),
                stampedes.stream()
                        .mapToDouble(StampedeOutcome::medianWait)
                        .max()
                        .orElse(0));
    }

    /** Tells whether no race left a stale value, and no stampede needed more than one load or took too long. */
    boolean good() {
        return races > 0 && stale == 0 && loads == 1 && slowest <= LONGEST_WAIT;
    }

    /** Returns what a stampede should show and what it showed, a line each. */
    List<String> targets() {
        String outcome = slowest <= LONGEST_WAIT
                ? "met"
                : String.format(Locale.ROOT, "short by %.0f %%", Math.ceil(100 * (slowest / LONGEST_WAIT - 1)));
        return List.of(
                "1 load in the fleet: " + loads + ", " + (loads == 1 ? "met" : "short by " + Math.abs(loads - 1)),
                String.format(Locale.ROOT, "slowest caller ≤ 2 × load time: %.2f ×, %s", slowest, outcome));
    }

    String line() {
        return peer.toLowerCase(Locale.ROOT) + ": stale " + stale + " of " + races + " races, loads " + loads + " of "
                + callers + " callers";
    }
}
