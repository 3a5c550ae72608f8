package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets this node ask for one bucket once at a time: who comes meanwhile waits, and all who waited are decided together
 * in the order in which they came.
 *
 * <p>A bucket has a line in the map exactly while somebody serves it. Rounds follow each other in a loop: a backend
 * that answers at once would otherwise deepen the stack with every round until it overflows.
 */
final class TakeQueue implements AutoCloseable {

    /** Decides several takes from one bucket in order. */
    @FunctionalInterface
    interface Backend {
        CompletionStage<List<BucketState>> takeAll(String bucket, List<RateLimit> limits, List<Long> costs);
    }

    /** Those who wait for one bucket at most; more could hardly be served within any budget. */
    static final int MAXIMUM_WAITING = 10_000;

    private final Backend backend;
    private final TakeTimer timer;
    private final ConcurrentHashMap<Bucket, Line> lines = new ConcurrentHashMap<>();

    TakeQueue(Backend backend, Duration budget) {
        this.backend = backend;
        this.timer = new TakeTimer(budget);
    }

    /** Takes tokens; fails if the backend does, or if its turn does not come within the budget. */
    CompletionStage<BucketState> take(String name, List<RateLimit> limits, long cost) {
        Bucket bucket = new Bucket(name, limits);
        Take take = new Take(cost);
        Line mine = new Line();
        Line line = lines.merge(bucket, mine, (present, ignored) -> present.with(take, timer));
        if (line == mine) {
            serve(bucket, List.of(take));
        }
        return take.answer;
    }

    private void serve(Bucket bucket, List<Take> first) {
        List<Take> takes = first;
        try {
            while (!takes.isEmpty() && askedAndAnswered(bucket, takes)) {
                takes = next(bucket);
            }
        } catch (Throwable e) {
            fail(takes, e);
            abandon(bucket, e);
        }
    }

    /** Returns false if the answer is not here yet; whoever brings it then serves the next. */
    private boolean askedAndAnswered(Bucket bucket, List<Take> takes) {
        List<Long> costs = takes.stream().map(Take::cost).toList();
        AtomicBoolean handedOver = new AtomicBoolean();
        CompletableFuture.completedStage(costs)
                .thenCompose(all -> backend.takeAll(bucket.name, bucket.limits, all))
                .whenComplete((answers, failure) -> {
                    answer(takes, answers, failure);
                    noteContention(bucket, failure);
                    if (!handedOver.compareAndSet(false, true)) {
                        serve(bucket, next(bucket));
                    }
                });
        return !handedOver.compareAndSet(false, true);
    }

    private static void answer(List<Take> takes, List<BucketState> answers, @Nullable Throwable failure) {
        if (failure != null) {
            fail(takes, failure);
            return;
        }
        try {
            for (int i = 0; i < takes.size(); i++) {
                takes.get(i).answer.complete(answers.get(i));
            }
        } catch (Throwable e) {
            fail(takes, e);
        }
    }

    /** Remembers why those who wait may run out of time: Redis is slow, or other nodes were faster. */
    private void noteContention(Bucket bucket, @Nullable Throwable failure) {
        Line line = lines.get(bucket);
        if (line != null) {
            line.contention =
                    Failures.cause(failure) instanceof BucketContentionException contention ? contention : null;
        }
    }

    private static void fail(List<Take> takes, Throwable failure) {
        takes.forEach(take -> take.answer.completeExceptionally(failure));
    }

    /** Returns those who came meanwhile; if there are none, the line ends. */
    private List<Take> next(Bucket bucket) {
        List<Take> next = new ArrayList<>();
        lines.computeIfPresent(bucket, (key, line) -> line.moveTo(next) ? line : null);
        return next;
    }

    /** Ends a line that nobody can serve any more, so that the next caller begins a new one. */
    private void abandon(Bucket bucket, Throwable failure) {
        Line line = lines.remove(bucket);
        if (line != null) {
            fail(line.takes, failure);
        }
    }

    /** Those who still wait are answered, but no longer within a budget. */
    @Override
    public void close() {
        timer.close();
    }

    private record Bucket(String name, List<RateLimit> limits) {}

    /** One caller. */
    private record Take(long cost, CompletableFuture<BucketState> answer) {

        Take(long cost) {
            this(cost, new CompletableFuture<>());
        }
    }

    /** The callers who wait while others are being served; changed only inside the map's atomic methods. */
    private static final class Line {

        private final List<Take> takes = new ArrayList<>();
        private volatile @Nullable BucketContentionException contention;

        Line with(Take take, TakeTimer timer) {
            if (takes.size() < MAXIMUM_WAITING) {
                takes.add(take);
                timer.limit(take.answer, this::late);
            } else {
                take.answer.completeExceptionally(
                        new RedisTooSlowException("More than " + MAXIMUM_WAITING + " decisions wait for one bucket."));
            }
            return this;
        }

        private Exception late() {
            BucketContentionException lost = contention;
            return lost == null ? new TimeoutException() : lost;
        }

        /** Moves those who still wait to another list; tells whether there are any. */
        boolean moveTo(List<Take> next) {
            takes.stream().filter(take -> !take.answer.isDone()).forEach(next::add);
            takes.clear();
            return !next.isEmpty();
        }
    }
}
