package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.peers.Await;
import dev.millpond.benchmarks.peers.Moment;
import dev.millpond.benchmarks.peers.PeerNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The stale-set race: a reader has read the source and is held; the source changes and the key is invalidated; only
 * then does the reader go on and store what it has.
 *
 * @param key the key, never used before
 * @param moment where the reader is held
 * @param here the reader's node
 * @param elsewhere the other node
 * @param writer the node that invalidates, one of the two
 */
record Race(String key, Moment moment, PeerNode here, PeerNode elsewhere, PeerNode writer) {

    private static final Duration MESSAGE_LIMIT = Duration.ofSeconds(3);
    private static final Duration LATE_MESSAGE_LIMIT = Duration.ofSeconds(1);
    private static final long PATIENCE_MILLIS = 1_000;
    private static final long LIMIT_SECONDS = 20;

    /**
     * Runs the race.
     *
     * @return what it showed; nothing if the reader took a way on which it cannot be held, as it may when Redis is slow
     */
    RaceOutcome run(ScriptedSource source, ExecutorService threads) throws Exception {
        prepare();
        Gate gate = moment == Moment.FILL ? source.holdFetch(key) : source.holdLoad(key);
        CompletableFuture<?> reader = CompletableFuture.supplyAsync(this::read, threads);
        if (!gate.awaitArrival(reader)) {
            return RaceOutcome.NONE;
        }
        if (moment == Moment.LATE) {
            elsewhere.get(key);
        }
        source.commit(key);
        Future<?> write = threads.submit(this::invalidate);
        boolean waited = !completes(write);
        boolean staleMeanwhile = !waited && isStaleMeanwhile();
        gate.open();
        reader.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        write.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        here.awaitStores();
        return outcome(waited, staleMeanwhile);
    }

    private RaceOutcome outcome(boolean waited, boolean staleMeanwhile) throws Exception {
        boolean staleHere = ScriptedSource.isOld(here.get(key)) || staleMeanwhile;
        boolean staleElsewhere = staysStaleElsewhere();
        return new RaceOutcome(
                1, count(staleHere || staleElsewhere), count(staleHere), count(staleElsewhere), count(waited));
    }

    /** Where the other node had a copy, its message may be late: not every peer applies messages in order. */
    private boolean staysStaleElsewhere() throws Exception {
        boolean hadCopy = moment == Moment.FILL || moment == Moment.REFRESH;
        return hadCopy
                ? !Await.until(LATE_MESSAGE_LIMIT, () -> !ScriptedSource.isOld(elsewhere.get(key)))
                : ScriptedSource.isOld(elsewhere.get(key));
    }

    private String read() {
        try {
            here.compared(key);
            return key;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private void prepare() throws Exception {
        elsewhere.fence().raise(mark());
        here.fence().raise(mark());
        if (moment == Moment.FILL) {
            elsewhere.get(key);
            elsewhere.awaitStores();
        } else if (moment == Moment.REFRESH) {
            here.get(key);
            elsewhere.get(key);
        }
    }

    private String invalidate() throws Exception {
        writer.invalidate(key);
        writer.fence().lower(mark());
        return key;
    }

    /** A writer may have to wait for the reader that is held; then the reader is let go first. */
    private static boolean completes(Future<?> write) throws Exception {
        try {
            write.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Lets the messages of the invalidation arrive, and reads before the reader goes on, where that is the race. */
    private boolean isStaleMeanwhile() throws Exception {
        Await.until(
                MESSAGE_LIMIT,
                () -> !here.fence().raised(mark()) && !elsewhere.fence().raised(mark()));
        return switch (moment) {
            case JOIN -> ScriptedSource.isOld(here.get(key));
            case LATE -> ScriptedSource.isOld(elsewhere.get(key));
            case MISS, REFRESH, FILL -> false;
        };
    }

    private String mark() {
        return key + "-mark";
    }

    private static int count(boolean happened) {
        return happened ? 1 : 0;
    }
}
