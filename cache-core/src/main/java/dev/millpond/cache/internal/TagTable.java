package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.InvalidationStats;
import dev.millpond.cache.spi.InvalidationLog;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node knows of invalidations: for each name the number of its last one.
 *
 * <p>An entry is valid if it was stamped in the current epoch, at or above the floor, and none of its names was
 * invalidated at a number above its stamp. The stamp is what was applied when its load <em>started</em>, so a load that
 * an invalidation overtook is never valid, whichever way it reaches a cache. Names are written before {@code applied},
 * which readers look at first: whoever sees a number sees its names.
 *
 * <p>The table is bounded: when it holds too many names it raises its floor and forgets those below, which makes
 * entries invalid that have not been loaded for that many invalidations.
 */
final class TagTable implements InvalidationLog.Follower {

    static final int DEFAULT_MAXIMUM_NAMES = 40_000;

    /** The bound of a log whose invalidations are known at once. */
    static final Duration UNBOUNDED = Duration.ofNanos(Long.MAX_VALUE);

    /** The mark of what was loaded in an epoch that this node does not know; nothing with it is valid. */
    static final Stamp OF_ANOTHER_EPOCH = new Stamp(new Epoch("", 0, 0, new ConcurrentHashMap<>()), 0);

    private static final String NO_EPOCH = "none";

    private final Ticker ticker;
    private final long boundNanos;
    private final int maximumNames;
    private volatile Epoch epoch = new Epoch(NO_EPOCH, 0, 0, new ConcurrentHashMap<>());
    private volatile long confirmedAt;
    private volatile boolean everConfirmed;
    private volatile long flushes;

    /** Creates a table that starts untrusted. */
    TagTable(Ticker ticker, Duration bound, int maximumNames) {
        this.ticker = ticker;
        this.boundNanos = bound.toNanos();
        this.maximumNames = maximumNames;
        this.confirmedAt = ticker.read() - boundNanos;
    }

    /** Returns the mark for a load that begins now. */
    Stamp stamp() {
        Epoch current = epoch;
        return new Stamp(current, current.applied);
    }

    /** Returns the mark that an entry of another node carries. */
    Stamp stamp(String epochId, long sequence) {
        Epoch current = epoch;
        return current.id.equals(epochId) ? new Stamp(current, sequence) : OF_ANOTHER_EPOCH;
    }

    /** Tells whether no invalidation has been missed for longer than the bound. */
    boolean trusted(long now) {
        return confirmedWithin(boundNanos, now);
    }

    /** Tells whether there was ever a proof that no invalidation was missed; what is loaded before is not kept. */
    boolean everConfirmed() {
        return everConfirmed;
    }

    /** Tells whether the last proof that no invalidation was missed is not older than so many nanoseconds. */
    boolean confirmedWithin(long nanos, long now) {
        return now - confirmedAt < nanos;
    }

    /** Returns the time on the clock of this table. */
    long now() {
        return ticker.read();
    }

    /**
     * Returns since when a read that begins now may miss invalidations: since the last confirmation if it may answer
     * from what this node has, else since now, because it goes to the source.
     */
    long informedAt(long now) {
        long confirmed = confirmedAt;
        return now - confirmed < boundNanos ? confirmed : now;
    }

    /** Tells whether whatever a read that was informed at such a time misses is known here, or within the bound. */
    boolean informedWithinBound(long informedAt) {
        long now = ticker.read();
        return trusted(now) || now - informedAt < boundNanos;
    }

    /** Tells whether nothing that the entry carries was invalidated since its load began. */
    boolean valid(Entry<?> entry) {
        Epoch current = epoch;
        if (!entry.isOf(current)) {
            return false;
        }
        long applied = current.applied;
        if (entry.checkedUpTo() >= applied) {
            return true;
        }
        if (changedSince(entry.stamp(), entry.names())) {
            return false;
        }
        entry.checkedUpTo(applied);
        return true;
    }

    /** Tells whether one of the names was invalidated since the mark was taken. */
    boolean changedSince(Stamp stamp, String[] names) {
        Epoch current = epoch;
        if (stamp.epoch() != current) {
            return true;
        }
        for (String name : names) {
            Long last = current.lastInvalidations.get(name);
            if (last != null && last > stamp.sequence()) {
                return true;
            }
        }
        // Last, because the floor is raised before names are forgotten: a name gone meanwhile shows here.
        return stamp.sequence() < current.floor;
    }

    @Override
    public String epoch() {
        return epoch.id;
    }

    @Override
    public long applied() {
        return epoch.applied;
    }

    @Override
    public synchronized void apply(long sequence, Collection<String> names) {
        Epoch current = epoch;
        if (sequence != current.applied + 1) {
            return;
        }
        for (String name : names) {
            current.lastInvalidations.put(name, sequence);
        }
        current.applied = sequence;
        if (current.lastInvalidations.size() > maximumNames) {
            forgetOldest(current);
        }
    }

    @Override
    public synchronized void reset(String epochId, long floor) {
        if (!epoch.id.equals(NO_EPOCH)) {
            flushes++;
        }
        epoch = new Epoch(epochId, floor, floor, new ConcurrentHashMap<>());
    }

    @Override
    public synchronized void distrust() {
        flushes++;
        Epoch old = epoch;
        epoch = new Epoch(old.id, old.floor, old.applied, old.lastInvalidations);
        confirmedAt = ticker.read() - boundNanos;
    }

    @Override
    public void confirm(long nanoTime) {
        confirmedAt = nanoTime;
        everConfirmed = true;
    }

    /** Returns what is known here, with what the log adds. */
    InvalidationStats stats(InvalidationLog.Progress progress) {
        long now = ticker.read();
        boolean immediate = boundNanos == UNBOUNDED.toNanos();
        return new InvalidationStats(
                trusted(now),
                immediate ? Duration.ZERO : Duration.ofNanos(boundNanos),
                immediate ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - confirmedAt)),
                progress.lag(),
                progress.gaps(),
                flushes,
                progress.pending());
    }

    /** Keeps three quarters of what fits, so that it need not be done for each name. */
    private void forgetOldest(Epoch current) {
        long[] sequences = current.lastInvalidations.values().stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        long floor = sequences[sequences.length - maximumNames * 3 / 4 - 1];
        // Before names are forgotten: see changedSince.
        current.floor = Math.max(current.floor, floor);
        current.lastInvalidations.values().removeIf(sequence -> sequence <= floor);
    }

    /** One life of the log; entries refer to it, so that leaving it makes them all invalid at once. */
    static final class Epoch {

        final String id;
        private final ConcurrentHashMap<String, Long> lastInvalidations;
        private volatile long floor;
        private volatile long applied;

        private Epoch(String id, long floor, long applied, ConcurrentHashMap<String, Long> lastInvalidations) {
            this.id = id;
            this.floor = floor;
            this.applied = applied;
            this.lastInvalidations = lastInvalidations;
        }
    }
}
