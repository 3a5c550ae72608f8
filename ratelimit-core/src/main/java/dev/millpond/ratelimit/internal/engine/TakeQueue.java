package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Lets this node ask for one bucket once at a time: who comes meanwhile waits, and all who waited are decided together
 * in the order in which they came.
 */
final class TakeQueue {

    /** Decides several takes from one bucket in order. */
    @FunctionalInterface
    interface Backend {
        CompletionStage<List<BucketState>> takeAll(String bucket, RateLimit limit, List<Long> costs);
    }

    /** Those who wait for one bucket at most; more could hardly be served within any budget. */
    static final int MAXIMUM_WAITING = 10_000;

    private final Backend backend;
    private final Duration budget;
    private final ConcurrentHashMap<Bucket, Line> lines = new ConcurrentHashMap<>();

    TakeQueue(Backend backend, Duration budget) {
        this.backend = backend;
        this.budget = budget;
    }

    /** Takes tokens; fails if the backend does, or if its turn does not come within the budget. */
    CompletionStage<BucketState> take(String name, RateLimit limit, long cost) {
        Bucket bucket = new Bucket(name, limit);
        Take take = new Take(cost);
        Line mine = new Line();
        Line line = lines.merge(bucket, mine, (present, ignored) -> present.with(take, budget));
        if (line == mine) {
            ask(bucket, List.of(take));
        }
        return take.answer;
    }

    private void ask(Bucket bucket, List<Take> takes) {
        List<Long> costs = takes.stream().map(Take::cost).toList();
        CompletableFuture.completedStage(costs)
                .thenCompose(all -> backend.takeAll(bucket.name, bucket.limit, all))
                .whenComplete((answers, failure) -> {
                    askNext(bucket);
                    if (failure == null) {
                        answer(takes, answers);
                    } else {
                        takes.forEach(take -> take.answer.completeExceptionally(failure));
                    }
                });
    }

    private static void answer(List<Take> takes, List<BucketState> answers) {
        for (int i = 0; i < takes.size(); i++) {
            takes.get(i).answer.complete(answers.get(i));
        }
    }

    private void askNext(Bucket bucket) {
        List<Take> next = new ArrayList<>();
        lines.computeIfPresent(bucket, (key, line) -> line.moveTo(next) ? line : null);
        if (!next.isEmpty()) {
            ask(bucket, next);
        }
    }

    private record Bucket(String name, RateLimit limit) {}

    /** One caller. */
    private record Take(long cost, CompletableFuture<BucketState> answer) {

        Take(long cost) {
            this(cost, new CompletableFuture<>());
        }
    }

    /** The callers who wait while others are being served; changed only inside the map's atomic methods. */
    private static final class Line {

        private final List<Take> takes = new ArrayList<>();

        Line with(Take take, Duration budget) {
            if (takes.size() < MAXIMUM_WAITING) {
                takes.add(take);
                var unused = take.answer.orTimeout(budget.toNanos(), TimeUnit.NANOSECONDS);
            } else {
                take.answer.completeExceptionally(new RedisUnavailableException(
                        "More than " + MAXIMUM_WAITING + " decisions wait for one bucket"));
            }
            return this;
        }

        /** Moves those who still wait to another list; tells whether there are any. */
        boolean moveTo(List<Take> next) {
            takes.stream().filter(take -> !take.answer.isDone()).forEach(next::add);
            takes.clear();
            return !next.isEmpty();
        }
    }
}
