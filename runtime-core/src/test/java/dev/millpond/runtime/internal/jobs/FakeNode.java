package dev.millpond.runtime.internal.jobs;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** A node on which time passes when a test says so, and jobs run when there are threads. */
final class FakeNode implements JobTimer, Workers {

    private record Action(long at, long number, Runnable run) {}

    final FakeTicker ticker = new FakeTicker();
    final Leases own = new OwnLeases(new Tokens(ticker));
    private final PriorityQueue<Action> actions =
            new PriorityQueue<>(Comparator.comparingLong(Action::at).thenComparingLong(Action::number));
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean threads = true;
    private boolean closed;
    private boolean broken;
    private long number;

    JobsNode node() {
        return node(own);
    }

    JobsNode node(Leases fleet) {
        return new JobsNode(ticker, ticker, this, this, own, fleet);
    }

    /** Lets time pass, and all actions that come in it run at their time. */
    void pass(Duration time) {
        long end = ticker.read() + time.toNanos();
        while (!actions.isEmpty() && actions.peek().at() <= end) {
            Action next = actions.remove();
            ticker.advance(Duration.ofNanos(Math.max(0, next.at() - ticker.read())));
            next.run().run();
        }
        ticker.advance(Duration.ofNanos(end - ticker.read()));
    }

    /** Lets nothing run until there are threads again. */
    void takeThreads() {
        threads = false;
    }

    void giveThreads() {
        threads = true;
        runWaiting();
    }

    /** Lets no thread be had at all, not even later. */
    void breakThreads(boolean none) {
        broken = none;
    }

    /** Lets what waits for a thread run. */
    void runWaiting() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    @Override
    public void after(Duration delay, Runnable action) {
        if (!closed) {
            actions.add(new Action(ticker.read() + delay.toNanos(), number++, action));
        }
    }

    @Override
    public void execute(Runnable action) {
        if (broken) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        waiting.add(action);
        if (threads) {
            runWaiting();
        }
    }

    @Override
    public void close(Duration limit) {
        // What is waiting never runs.
    }

    @Override
    public void close() {
        closed = true;
        actions.clear();
    }
}
