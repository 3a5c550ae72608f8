package dev.millpond.cache.oracle;

import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * A program that changes rows and then removes their entries from Redis, and knows nothing of Millpond.
 *
 * <p>That must be enough for entries that are kept in Redis alone: a load that was under way cannot store what it read
 * before. Rows change several times at short intervals, so that loads are under way, and then rest for longer than the
 * bound, so that what stays would be found. Not thread-safe.
 */
final class OtherProgram {

    private static final int CHANGES_PER_TURN = 4;
    /** Between two changes of one row. */
    static final Duration INTERVAL = Duration.ofMillis(4);

    /** One key's turn; all others rest meanwhile. */
    private static final Duration TURN = Duration.ofMillis(250);

    private final Fleet fleet;
    private final Truth truth;
    private int key;

    OtherProgram(Fleet fleet, Truth truth) {
        this.fleet = fleet;
        this.truth = truth;
    }

    /** Changes the next row a few times. */
    void turn(Signal stop) {
        key = (key + 1) % Subject.KEYS;
        for (int i = 0; i < CHANGES_PER_TURN; i++) {
            change(stop);
            stop.pause(INTERVAL);
        }
        stop.pause(TURN);
    }

    private void change(Signal stop) {
        Subject row = Subject.foreign(key);
        long version = truth.source().commit(row);
        while (!unlinked(key) && !stop.isGiven()) {
            stop.pause(TURN);
        }
        truth.history(row).completed(version);
    }

    private boolean unlinked(int foreignKey) {
        try {
            fleet.unlink(NodeCaches.redisKeyOfForeign(foreignKey));
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            return false; // Redis is away; an entry that it still has is outdated until it is not
        }
    }
}
