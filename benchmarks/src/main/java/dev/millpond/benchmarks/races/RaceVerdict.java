package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.measure.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What one peer showed in all its rows.
 *
 * @param peer the name of the peer
 * @param stale in how many races it was stale
 * @param races how many there were
 * @param loads the loads in its worst stampede; 0 if one was without, which then tried nothing
 * @param callers the callers of a stampede
 * @param slowest wait of a caller in load times, the median of the rounds in its worst row
 * @param worst wait of a caller in load times, of all rounds
 */
record RaceVerdict(String peer, int stale, int races, int loads, int callers, double slowest, double worst) {

    private static final double LONGEST_WAIT = 2;

    static RaceVerdict of(List<RaceRow> rows, String peer) {
        List<RaceRow> own = rows.stream().filter(row -> row.peer().equals(peer)).toList();
        RaceOutcome races = own.stream().map(RaceRow::races).reduce(RaceOutcome.NONE, RaceOutcome::plus);
        List<StampedeOutcome> stampedes =
                own.stream().map(RaceRow::stampede).flatMap(Stream::ofNullable).toList();
        return new RaceVerdict(
                peer,
                races.stale(),
                races.races(),
                loads(stampedes),
                stampedes.stream().mapToInt(StampedeOutcome::callers).max().orElse(0),
                longest(stampedes, StampedeOutcome::medianWait),
                longest(stampedes, StampedeOutcome::longestWait));
    }

    private static int loads(List<StampedeOutcome> stampedes) {
        boolean allTried = stampedes.stream().allMatch(stampede -> stampede.fewestLoads() > 0);
        return allTried
                ? stampedes.stream().mapToInt(StampedeOutcome::mostLoads).max().orElse(0)
                : 0;
    }

    private static double longest(List<StampedeOutcome> stampedes, ToDoubleFunction<StampedeOutcome> wait) {
        return stampedes.stream().mapToDouble(wait).max().orElse(0);
    }

    /** Tells whether no race left a stale value, and no stampede needed more than one load or took too long. */
    boolean good() {
        return races > 0 && stale == 0 && targets().stream().allMatch(Verdict::met);
    }

    /** Returns what stampedes should show and what they showed. */
    List<Verdict> targets() {
        return List.of(
                target("loads in the fleet = 1, in all rounds", "" + loads, loads == 1, "" + Math.abs(loads - 1)),
                target(
                        "slowest caller ≤ 2 × load time, median of the rounds",
                        String.format(Locale.ROOT, "%.2f ×, in the worst round %.2f ×", slowest, worst),
                        slowest <= LONGEST_WAIT,
                        Verdict.percent(slowest, LONGEST_WAIT)));
    }

    private Verdict target(String target, String shown, boolean met, String missing) {
        return new Verdict(
                "stampede of " + callers + " callers", peer + ": " + target, shown, Verdict.outcome(met, missing));
    }

    String line() {
        return peer.toLowerCase(Locale.ROOT) + ": stale " + stale + " of " + races + " races, loads " + loads + " of "
                + callers + " callers";
    }
}
