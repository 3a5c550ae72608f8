package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets this node ask for one bucket, or for the same several, once at a time: who comes meanwhile waits, and all who
 * waited are decided together in the order in which they came.
 *
 * <p>Buckets have a line in the map exactly while somebody serves them. Rounds follow each other in a loop: a backend
 * that answers at once would otherwise deepen the stack with every round until it overflows.
 */
final class TakeQueue implements AutoCloseable {

    /** Decides several requests in order; the answer to each has the states of all buckets. */
    @FunctionalInterface
    interface Backend {
        CompletionStage<List<List<BucketState>>> takeAll(List<Take> buckets, List<Wanted> wanted);
    }

    /** Those who wait in one line at most; more could hardly be served within any budget. */
    static final int MAXIMUM_WAITING = 10_000;

    private final Backend backend;
    private final TakeTimer timer;
    private final BiConsumer<List<Take>, Wanted> unheard;
    private final ConcurrentHashMap<List<Take>, Line> lines = new ConcurrentHashMap<>();

    /**
     * Creates a queue.
     *
     * @param timer is closed with the queue
     * @param unheard is told who was admitted too late to hear of it
     */
    TakeQueue(Backend backend, TakeTimer timer, BiConsumer<List<Take>, Wanted> unheard) {
        this.backend = backend;
        this.timer = timer;
        this.unheard = unheard;
    }

    /** Takes tokens; fails if the backend does, or if its turn does not come within the budget. */
    CompletionStage<List<BucketState>> take(List<Take> buckets, Wanted wanted) {
        Caller caller = new Caller(wanted);
        Line mine = new Line();
        Line line = lines.merge(buckets, mine, (present, ignored) -> present.with(caller, timer));
        if (line == mine) {
            serve(buckets, List.of(caller));
        }
        return caller.answer;
    }

    private void serve(List<Take> buckets, List<Caller> first) {
        List<Caller> callers = first;
        try {
            while (!callers.isEmpty() && askedAndAnswered(buckets, callers)) {
                callers = next(buckets);
            }
        } catch (Throwable e) {
            fail(callers, e);
            abandon(buckets, e);
        }
    }

    /** Returns false if the answer is not here yet; whoever brings it then serves the next. */
    private boolean askedAndAnswered(List<Take> buckets, List<Caller> callers) {
        List<Wanted> wanted = new ArrayList<>(callers.size());
        callers.forEach(caller -> wanted.add(caller.wanted));
        AtomicBoolean handedOver = new AtomicBoolean();
        var unused = ask(buckets, wanted).whenComplete((answers, failure) -> {
            // Before the next are asked for: who is back soon goes with them, and fewer batches decide more.
            answer(buckets, callers, answers, failure);
            noteContention(buckets, failure);
            if (!handedOver.compareAndSet(false, true)) {
                serve(buckets, next(buckets));
            }
        });
        return !handedOver.compareAndSet(false, true);
    }

    private CompletionStage<List<List<BucketState>>> ask(List<Take> buckets, List<Wanted> wanted) {
        try {
            return backend.takeAll(buckets, wanted);
        } catch (Throwable e) { // somebody waits
            return CompletableFuture.failedStage(e);
        }
    }

    private void answer(
            List<Take> buckets, List<Caller> callers, List<List<BucketState>> answers, @Nullable Throwable failure) {
        if (failure != null) {
            fail(callers, failure);
            return;
        }
        try {
            for (int i = 0; i < callers.size(); i++) {
                answer(buckets, callers.get(i), answers.get(i));
            }
        } catch (Throwable e) {
            fail(callers, e);
        }
    }

    private void answer(List<Take> buckets, Caller caller, List<BucketState> states) {
        if (!caller.answer.complete(states) && states.stream().allMatch(BucketState::admitted)) {
            unheard.accept(buckets, caller.wanted);
        }
    }

    /** Remembers why those who wait may run out of time: Redis is slow, or other nodes were faster. */
    private void noteContention(List<Take> buckets, @Nullable Throwable failure) {
        Line line = lines.get(buckets);
        if (line != null) {
            line.contention =
                    Failures.cause(failure) instanceof BucketContentionException contention ? contention : null;
        }
    }

    private static void fail(List<Caller> callers, Throwable failure) {
        callers.forEach(caller -> caller.answer.completeExceptionally(failure));
    }

    /** Returns those who came meanwhile; if there are none, the line ends. */
    private List<Caller> next(List<Take> buckets) {
        List<Caller> next = new ArrayList<>();
        lines.computeIfPresent(buckets, (key, line) -> line.moveTo(next) ? line : null);
        return next;
    }

    /** Ends a line that nobody can serve any more, so that the next caller begins a new one. */
    private void abandon(List<Take> buckets, Throwable failure) {
        Line line = lines.remove(buckets);
        if (line != null) {
            fail(line.callers, failure);
        }
    }

    /** Those who still wait are answered, but no longer within a budget. */
    @Override
    public void close() {
        timer.close();
    }

    private record Caller(Wanted wanted, CompletableFuture<List<BucketState>> answer) {

        Caller(Wanted wanted) {
            this(wanted, new CompletableFuture<>());
        }
    }

    /** The callers who wait while others are being served; changed only inside the map's atomic methods. */
    private static final class Line {

        private final List<Caller> callers = new ArrayList<>();
        private volatile @Nullable BucketContentionException contention;

        Line with(Caller caller, TakeTimer timer) {
            if (callers.size() < MAXIMUM_WAITING) {
                callers.add(caller);
                timer.limit(caller.answer, this::late);
            } else {
                caller.answer.completeExceptionally(
                        new RedisTooSlowException("More than " + MAXIMUM_WAITING + " decisions wait for one bucket."));
            }
            return this;
        }

        private Exception late() {
            BucketContentionException lost = contention;
            return lost == null ? new TimeoutException() : lost;
        }

        /** Moves those who still wait to another list; tells whether there are any. */
        boolean moveTo(List<Caller> next) {
            callers.stream().filter(caller -> !caller.answer.isDone()).forEach(next::add);
            callers.clear();
            return !next.isEmpty();
        }
    }
}
