package dev.millpond.benchmarks.races;

/**
 * What a number of races showed.
 *
 * @param races how many there were
 * @param stale in how many any of the two nodes was stale
 * @param staleHere in how many the reader's node answered afterwards with what the invalidation had overtaken
 * @param staleElsewhere in how many the other node did
 * @param writersWaited in how many the invalidation did not complete while the reader was held
 */
record RaceOutcome(int races, int stale, int staleHere, int staleElsewhere, int writersWaited) {

    static final RaceOutcome NONE = new RaceOutcome(0, 0, 0, 0, 0);

    RaceOutcome plus(RaceOutcome other) {
        return new RaceOutcome(
                races + other.races,
                stale + other.stale,
                staleHere + other.staleHere,
                staleElsewhere + other.staleElsewhere,
                writersWaited + other.writersWaited);
    }
}
