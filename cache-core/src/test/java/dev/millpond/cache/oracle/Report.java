package dev.millpond.cache.oracle;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a trial has shown, by kind of fault; thread-safe, but for {@link #begin} and {@link #recovered}. */
final class Report {

    /** What times without a fault are counted for. */
    static final String CALM = "none";

    private static final int MOST_KEPT = 20;

    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Queue<Violation> violations = new ConcurrentLinkedQueue<>();
    private final Signal firstViolation = new Signal();
    private volatile Tally current = new Tally();
    private Counts countedBefore = Counts.NONE;
    private Duration lastRecovery = Duration.ZERO;

    /** Counts for this fault from now on. */
    void begin(String fault, Counts now) {
        current.counted(now.minus(countedBefore));
        countedBefore = now;
        current = tallies.computeIfAbsent(fault, name -> new Tally());
    }

    void recovered(Duration time) {
        current.recovered(time);
        lastRecovery = time;
    }

    void read() {
        current.read();
    }

    void changed() {
        current.changed();
    }

    void stale(long nanos) {
        if (nanos > 0) {
            current.stale(nanos);
        }
    }

    void violation(Violation violation) {
        current.violated();
        if (violations.size() < MOST_KEPT) {
            violations.add(violation);
        }
        firstViolation.give();
    }

    /** Waits for so long, or until there is a violation. */
    void awaitViolation(Duration longest) {
        firstViolation.pause(longest);
    }

    boolean violated() {
        return firstViolation.isGiven();
    }

    /** Returns the first violations. */
    List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** Returns how long it took, after the last repair, until all nodes were proved to miss nothing. */
    Duration lastRecovery() {
        return lastRecovery;
    }

    /** Returns what was counted while there was no fault. */
    Tally calm() {
        return tallies.getOrDefault(CALM, new Tally());
    }

    Tally total() {
        return tallies.values().stream().reduce(new Tally(), Tally::plus);
    }

    /** Returns a table with a line for each kind of fault. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(Tally.HEADER).append('\n');
        tallies.forEach((fault, tally) -> table.append(tally.line(fault)).append('\n'));
        table.append(total().line("all"));
        violations.forEach(violation -> table.append('\n').append(violation));
        return table.toString();
    }
}
