package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.KeyCommands;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.redisson.RedissonShutdownException;

/**
 * Sends calls to one server at once while none is on its way; who comes meanwhile goes with the next batch. So a call
 * waits for nobody where there are few, and where there are many they share the cost of writing, reading and waking up.
 * Thread-safe.
 *
 * <p>A second batch goes as soon as it is half as large as the first, so that Redis works on one while the other is
 * written or read. If it went sooner, the few who are back first would go alone, and the others again behind them.
 * Behind a batch that takes unusually long nobody waits for that; if no call comes, a look from time to time sees it.
 *
 * <p>Where the client has one thread of the network, calls are issued there: those that come while it is at work go
 * together, and it writes what it issues without being woken up for that.
 *
 * <p>Each call of a batch is answered, or fails, for itself, when the answers of all are there. What is on its way has
 * ended when it is answered or nobody waits for it any more, so calls that Redis does not answer hold up no others for
 * longer than their callers wait.
 */
final class CallGroup implements CallSender {

    static final int MOST_IN_A_BATCH = 128;

    /** A batch is answered sooner, many times over, unless something is wrong. */
    static final long USUAL_NANOS = 5_000_000;

    private final KeyCommands alone;
    private final Supplier<Batch> newBatch;
    private final Executor sending;
    private final Executor later;
    private final CallCounts counts;
    private final Ticker ticker;
    private final Queue<GroupedCall<?>> waiting = new ArrayDeque<>();
    private long lastSentAt;
    private int batches;
    private int underWay;
    private boolean due;
    private long dueSince;
    private boolean watched;
    private boolean closed;

    /**
     * Creates a group that has sent nothing yet.
     *
     * @param alone sends a call that goes without others
     * @param newBatch makes what sends several
     * @param sending runs what sends those who wait, best on the thread that writes them
     * @param later runs what looks after those who wait, when {@link #USUAL_NANOS} have gone by
     * @param counts is told of calls that go together
     */
    CallGroup(
            KeyCommands alone,
            Supplier<Batch> newBatch,
            Executor sending,
            Executor later,
            CallCounts counts,
            Ticker ticker) {
        this.alone = alone;
        this.newBatch = newBatch;
        this.sending = sending;
        this.later = later;
        this.counts = counts;
        this.ticker = ticker;
    }

    @Override
    public void begin(GroupedCall<?> call) {
        if (added(call)) {
            askForATurn();
        }
    }

    private void askForATurn() {
        try {
            sending.execute(() -> serve(turn()));
        } catch (RejectedExecutionException e) { // the client is shut down, and says so itself
            serve(turn());
        }
    }

    private synchronized boolean added(GroupedCall<?> call) {
        waiting.add(call);
        return needATurn();
    }

    /** Tells whether those who wait are to go now, and nobody has seen to that yet. */
    private boolean needATurn() {
        if (!mayGo()) {
            watch();
            return false;
        }
        if (due && !isLate()) {
            return false;
        }
        due = true;
        dueSince = ticker.read();
        return true;
    }

    private void watch() {
        if (!watched) {
            watched = true;
            later.execute(this::look);
        }
    }

    private void look() {
        if (stillNeedATurn()) {
            askForATurn();
        }
    }

    private synchronized boolean stillNeedATurn() {
        watched = false;
        return !waiting.isEmpty() && needATurn();
    }

    /** A turn may have been lost, by an error or with the thread: then whoever comes next asks for another. */
    private boolean isLate() {
        return ticker.read() - dueSince >= USUAL_NANOS;
    }

    /** Returns the batch that is to go now; who comes from now on needs a turn of his own. */
    private synchronized List<GroupedCall<?>> turn() {
        due = false;
        return taken();
    }

    /** In a loop: calls that fail at once would otherwise deepen the stack with every batch. */
    private void serve(List<GroupedCall<?>> first) {
        List<GroupedCall<?>> calls = first;
        while (!calls.isEmpty() && endedAtOnce(calls)) {
            calls = next(calls.size());
        }
    }

    /** Returns false if the calls are on their way; whoever brings the last answer then serves the next. */
    private boolean endedAtOnce(List<GroupedCall<?>> calls) {
        AtomicBoolean handedOver = new AtomicBoolean();
        send(calls);
        var unused = allAnswers(calls).whenComplete((answers, failure) -> {
            if (!handedOver.compareAndSet(false, true)) {
                serve(next(calls.size()));
            }
        });
        return !handedOver.compareAndSet(false, true);
    }

    private static CompletableFuture<?> allAnswers(List<GroupedCall<?>> calls) {
        return calls.size() == 1
                ? calls.get(0).answer()
                : CompletableFuture.allOf(
                        calls.stream().map(GroupedCall::answer).toArray(CompletableFuture[]::new));
    }

    private void send(List<GroupedCall<?>> calls) {
        try {
            issue(calls);
        } catch (RuntimeException | Error e) { // somebody waits for them, and others for these
            calls.forEach(call -> call.answer().completeExceptionally(e));
        }
    }

    private void issue(List<GroupedCall<?>> calls) {
        if (calls.size() == 1) {
            calls.get(0).issue(alone);
            return;
        }
        Batch batch = newBatch.get();
        calls.forEach(call -> call.issue(batch));
        batch.send();
        counts.grouped(calls.size());
    }

    /** Returns the batch that is to go now that one of so many calls has ended. */
    private synchronized List<GroupedCall<?>> next(int ended) {
        batches--;
        underWay -= ended;
        return taken();
    }

    /** Returns those who wait, without those that nobody waits for any more, if they are to go now. */
    private List<GroupedCall<?>> taken() {
        boolean go = mayGo();
        List<GroupedCall<?>> next = new ArrayList<>();
        while (go && next.size() < MOST_IN_A_BATCH && !waiting.isEmpty()) {
            GroupedCall<?> call = waiting.remove();
            if (call.awaited()) {
                next.add(call);
            }
        }
        if (!next.isEmpty()) {
            lastSentAt = ticker.read();
            batches++;
            underWay += next.size();
        }
        if (!waiting.isEmpty()) {
            watch(); // whoever is left came when others had a turn, and has none
        }
        return next;
    }

    private boolean mayGo() {
        return closed || batches == 0 || (batches == 1 && (2 * waiting.size() >= underWay || isSlow()));
    }

    private boolean isSlow() {
        return ticker.read() - lastSentAt >= USUAL_NANOS;
    }

    @Override
    public void close() {
        RedissonShutdownException failure = new RedissonShutdownException("The connection to Redis was closed.");
        takeAll().forEach(call -> call.answer().completeExceptionally(failure));
    }

    private synchronized List<GroupedCall<?>> takeAll() {
        closed = true;
        List<GroupedCall<?>> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
