package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.measure.Spread;
import java.util.List;

/**
 * What a number of stampedes showed.
 *
 * @param callers how many callers there were, in all processes together
 * @param rounds how many stampedes, each for a key of its own
 * @param fewestLoads the loads in the best round
 * @param mostLoads the loads in the worst round
 * @param medianWait the wait of the slowest caller in load times, the median of the rounds
 * @param longestWait the wait of the slowest caller in load times in the worst round
 */
record StampedeOutcome(int callers, int rounds, int fewestLoads, int mostLoads, double medianWait, double longestWait) {

    static StampedeOutcome of(int callers, List<Integer> loads, List<Double> slowest) {
        Spread waits = Spread.of(slowest);
        return new StampedeOutcome(
                callers,
                loads.size(),
                loads.stream().mapToInt(Integer::intValue).min().orElseThrow(),
                loads.stream().mapToInt(Integer::intValue).max().orElseThrow(),
                waits.median(),
                waits.most());
    }
}
