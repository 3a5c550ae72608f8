package dev.millpond.cache.oracle;

import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A program that changes rows and then removes their entries from Redis, and knows nothing of Millpond.
 *
 * <p>That must be enough for entries that are kept in Redis alone: a load that was under way cannot store what it read
 * before. Rows change several times at short intervals, so that loads are under way, and then rest for longer than the
 * bound, so that what stays would be found. Not thread-safe.
 */
final class OtherProgram {

    private static final int CHANGES_PER_TURN = 4;
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    /** One key's turn; all others rest meanwhile. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Fleet fleet;
    private final Truth truth;
    private int key;

    OtherProgram(Fleet fleet, Truth truth) {
        this.fleet = fleet;
        this.truth = truth;
    }

    /** Changes the next row a few times. */
    void turn(BooleanSupplier stopped) {
        key = (key + 1) % Subject.KEYS;
        for (int i = 0; i < CHANGES_PER_TURN; i++) {
            change(stopped);
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
        LockSupport.parkNanos(TURN_NANOS);
    }

    private void change(BooleanSupplier stopped) {
        Subject row = Subject.foreign(key);
        long version = truth.source().commit(row);
        while (!unlinked(key) && !stopped.getAsBoolean()) {
            LockSupport.parkNanos(TURN_NANOS);
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
