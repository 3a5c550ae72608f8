package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many loads of one cache run at once in this process, which is where a stampede of different keys stops;
 * thread-safe.
 *
 * <p>Callers wait in the order in which they came.
 */
final class Bulkhead {

    /*
     * Why can callers that wait here not wait for each other?
     *
     * Nobody waits here who holds what somebody else may need in order to go on:
     * - A permit. A load inside another load takes one if it can, and goes without if not. The load around it asks its
     *   source nothing meanwhile, so the sources are not asked by more loads than there are permits in all caches.
     * - A lease. Permits are asked for before leases, so that a node whose loads queue up holds no other node off.
     * - A flight that a load waits for. Callers lead flights while they wait here, and the loads that have all permits
     *   may read those keys. The wait-for graph lets such a caller through without a permit, whichever of the two waits
     *   first: again the load that waits for it asks nothing meanwhile.
     */

    private final WaitForGraph waits = WaitForGraph.OF_PROCESS;
    private final Queue<CompletableFuture<@Nullable Permit>> queue = new ArrayDeque<>();
    private final String cache;
    private final int permits;
    private final StatsCounter stats;
    private int free;

    Bulkhead(String cache, int permits, StatsCounter stats) {
        this.cache = cache;
        this.permits = permits;
        this.stats = stats;
        this.free = permits;
    }

    /**
     * Returns the permit to load, for the caller to close, or null if none becomes free in time; that is counted.
     *
     * @param patience how long to wait; a load inside another load does not wait
     * @throws CacheLoadException if the thread was interrupted while it waited, and it stays so
     */
    @Nullable
    Permit enter(Duration patience) {
        Permit entered = LoadScope.active() ? enterOrPass() : enterInTime(patience);
        if (entered == null) {
            stats.loadRefused();
        }
        return entered;
    }

    /** Returns a permit, or a pass if none is free: for those who hold what others wait for. */
    Permit enterOrPass() {
        Permit entered = tryEnter();
        return entered != null ? entered : Permit.PASS;
    }

    /** Returns a permit, or null if none is free. */
    @Nullable
    synchronized Permit tryEnter() {
        if (free == 0) {
            return null;
        }
        free--;
        return new Permit(this);
    }

    /** Returns a permit that leaves half of them to others, if there are two, or null while these need more. */
    synchronized @Nullable Permit tryEnterBehindOthers() {
        int leftToOthers = Math.min(permits - permits / 2, permits - 1);
        return free > leftToOthers ? tryEnter() : null;
    }

    /** Returns the failure of a caller that got no permit in so long a time, and has nothing else to answer. */
    CacheLoadException refusal(Duration patience) {
        return new CacheLoadException("Cache '" + cache + "' has " + permits
                + " loads under way, as many as its maximumConcurrentLoads allows, and none of them ended within "
                + patience.toMillis() + " ms; there is no value that may be served instead. Raise the maximum if the"
                + " source can take more, or make the loader faster.");
    }

    private @Nullable Permit enterInTime(Duration patience) {
        return patience.isZero() ? tryEnter() : await(queueUp(), patience);
    }

    private synchronized CompletableFuture<@Nullable Permit> queueUp() {
        CompletableFuture<@Nullable Permit> turn = new CompletableFuture<>();
        Permit entered = tryEnter();
        if (entered == null) {
            queue.add(turn);
        } else {
            turn.complete(entered);
        }
        return turn;
    }

    private @Nullable Permit await(CompletableFuture<@Nullable Permit> turn, Duration patience) {
        waits.queue(turn);
        try {
            return turn.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return turn.complete(null) ? null : turn.join();
        } catch (InterruptedException e) {
            giveBack(turn);
            throw Failures.interrupted(e);
        } catch (ExecutionException e) {
            throw new AssertionError("A turn cannot fail.", e);
        } finally {
            waits.leaveQueue();
            forgetEndedTurns();
        }
    }

    private static void giveBack(CompletableFuture<@Nullable Permit> turn) {
        Permit entered = turn.complete(null) ? null : turn.join();
        if (entered != null) {
            entered.close();
        }
    }

    private synchronized void forgetEndedTurns() {
        queue.removeIf(CompletableFuture::isDone);
    }

    /** Whoever gave up meanwhile, or was let through, has completed its turn by another way. */
    private synchronized void leave() {
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            if (next.complete(new Permit(this))) {
                return;
            }
        }
        free++;
    }

    /** The right to run one load, which ends when all who share it have closed it; thread-safe. */
    static final class Permit implements AutoCloseable {

        /** Lets a load run that nobody counts. */
        static final Permit NONE = new Permit(null);

        /** Lets a load run beside those that are counted, since others wait for what it holds. */
        static final Permit PASS = new Permit(null);

        private final @Nullable Bulkhead bulkhead;
        private final AtomicInteger users = new AtomicInteger(1);

        private Permit(@Nullable Bulkhead bulkhead) {
            this.bulkhead = bulkhead;
        }

        /** Tells whether the load is counted. */
        boolean isOwn() {
            return bulkhead != null;
        }

        /** Returns this for one more thread to close. */
        Permit share() {
            users.incrementAndGet();
            return this;
        }

        @Override
        public void close() {
            if (bulkhead != null && users.decrementAndGet() == 0) {
                bulkhead.leave();
            }
        }
    }
}
