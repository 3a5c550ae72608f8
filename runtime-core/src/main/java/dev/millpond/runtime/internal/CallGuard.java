package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.KeyCommands;
import dev.millpond.runtime.spi.NetworkThreads;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.runtime.spi.Standstill;
import dev.millpond.runtime.spi.Timeouts;
import dev.millpond.runtime.spi.Timeouts.Timeout;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** Breaker, bulkhead and deadline around every call. */
final class CallGuard implements RedisGuard {

    /** Four times the connections of the pool: enough that healthy bursts queue for a connection and not here. */
    static final int WAITING_THREADS = 64;

    /** Calls without a waiting thread cost little, so many more of them may be on their way. */
    static final int ASYNC_CALLS = 1_024;

    private static final int SHARE_OF_BUDGET_FOR_A_PLACE = 4;

    private final Supplier<RedissonClient> client;
    private final GroupedCalls grouped;
    private final CircuitBreaker breaker;
    private final Ticker ticker;
    private final Function<Runnable, Registration> onAvailable;
    private final Timeouts limits;
    private final Bulkhead waitingThreads = new Bulkhead(WAITING_THREADS);
    private final Bulkhead asyncCalls = new Bulkhead(ASYNC_CALLS);
    private final CallCounts counts = new CallCounts();

    /**
     * Creates a guard.
     *
     * @param limits on a thread of this connection: what depends on a stage runs there if its time is over, and on the
     *     one that serves all time limits of the JVM it could hold up any of them
     */
    CallGuard(
            Supplier<RedissonClient> client,
            CircuitBreaker breaker,
            Ticker ticker,
            Timeouts limits,
            Function<Runnable, Registration> onAvailable) {
        this.client = client;
        this.grouped = new GroupedCalls(client, afterAWhile(limits), counts, ticker);
        this.breaker = breaker;
        this.ticker = ticker;
        this.limits = limits;
        this.onAvailable = onAvailable;
    }

    private static Executor afterAWhile(Timeouts limits) {
        return task -> {
            var unused = limits.begin(Duration.ofNanos(CallGroup.USUAL_NANOS), task);
        };
    }

    @Override
    public boolean available() {
        return breaker.closed();
    }

    @Override
    public <T extends @Nullable Object> T call(Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        return sendAndWait(budget, () -> command.apply(client.get()));
    }

    @Override
    public <T extends @Nullable Object> T callGrouped(
            Duration budget, String group, Function<KeyCommands, CompletionStage<T>> command) {
        return sendAndWait(budget, () -> grouped.send(group, command));
    }

    private <T extends @Nullable Object> T sendAndWait(Duration budget, Supplier<CompletionStage<T>> command) {
        long startedAt = ticker.read();
        refuseIfAway();
        NetworkThreads.refuseToWait();
        enter(waitingThreads, budget.dividedBy(SHARE_OF_BUDGET_FOR_A_PLACE));
        try {
            CompletableFuture<T> answer = Answers.to(command);
            T value = await(answer, startedAt, budget);
            succeeded(startedAt);
            return value;
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            throw failed(startedAt, budget, e);
        } finally {
            waitingThreads.leave();
        }
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        return sendWithin(budget, () -> command.apply(client.get()));
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callGroupedAsync(
            Duration budget, String group, Function<KeyCommands, CompletionStage<T>> command) {
        return sendWithin(budget, () -> grouped.send(group, command));
    }

    private <T extends @Nullable Object> CompletionStage<T> sendWithin(
            Duration budget, Supplier<CompletionStage<T>> command) {
        long startedAt = ticker.read();
        try {
            refuseIfAway();
            enter(asyncCalls, Duration.ZERO);
        } catch (RedisUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
        return bounded(startedAt, budget, Answers.to(command));
    }

    private <T extends @Nullable Object> CompletionStage<T> bounded(
            long startedAt, Duration budget, CompletableFuture<T> answer) {
        AsyncCall<T> call = new AsyncCall<>(startedAt, budget, answer);
        var unused = answer.whenComplete(call::end);
        return call.result;
    }

    @Override
    public Registration onAvailable(Runnable action) {
        return onAvailable.apply(action);
    }

    /** Fails the calls that wait for others to be answered first. */
    void close() {
        grouped.close();
    }

    /** Returns how calls ended, and how many have not. */
    RedisStats.Calls stats() {
        return new RedisStats.Calls(
                counts.allAnswered(),
                counts.allFailed(),
                counts.allRefused(),
                counts.allRejected(),
                breaker.slowCalls(),
                counts.allGrouped(),
                waitingThreads.taken(),
                waitingThreads.queue(),
                asyncCalls.taken());
    }

    private void refuseIfAway() {
        if (!breaker.closed()) {
            counts.refused();
            throw new RedisUnavailableException("Redis is away, so the call was not sent.");
        }
    }

    private void enter(Bulkhead bulkhead, Duration maxWait) {
        try {
            bulkhead.enter(maxWait);
        } catch (RedisUnavailableException e) {
            counts.rejected();
            throw e;
        }
    }

    private void succeeded(long startedAt) {
        counts.answered();
        breaker.succeeded(startedAt);
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> answer, long startedAt, Duration budget)
            throws ExecutionException, TimeoutException {
        try {
            return awaitRunning(answer, startedAt, budget);
        } catch (InterruptedException e) {
            answer.cancel(true);
            counts.failed();
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("Interrupted while waiting for the answer of Redis.", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private <T extends @Nullable Object> T awaitRunning(CompletableFuture<T> answer, long startedAt, Duration budget)
            throws ExecutionException, InterruptedException, TimeoutException {
        Duration due = budget;
        while (true) {
            try {
                return answer.get(due.minus(since(startedAt)).toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                due = extended(due, startedAt, budget, e);
            }
        }
    }

    private Duration extended(Duration due, long startedAt, Duration budget, TimeoutException timeout)
            throws TimeoutException {
        Duration elapsed = since(startedAt);
        Duration more = Standstill.givesBack(budget, due, elapsed);
        if (more.isZero()) {
            throw timeout;
        }
        return elapsed.plus(more);
    }

    private Duration since(long startedAt) {
        return Duration.ofNanos(ticker.read() - startedAt);
    }

    private RedisUnavailableException failed(long startedAt, Duration budget, Throwable thrown) {
        counts.failed();
        Throwable failure = RedisFailures.unwrapped(thrown);
        if (RedisFailures.meanAway(failure)) {
            breaker.failed(startedAt, failure);
        } else if (RedisFailures.isAnswer(failure)) {
            breaker.succeeded(startedAt);
        }
        return failure instanceof TimeoutException
                ? new RedisUnavailableException("Redis gave no answer within " + budget.toMillis() + " ms.", failure)
                : new RedisUnavailableException(
                        "The call to Redis failed with " + RedisFailures.type(failure) + ".",
                        failure,
                        RedisFailures.meanAway(failure));
    }

    /** A call without a waiting thread; it ends once, by its answer or by its deadline. */
    private final class AsyncCall<T extends @Nullable Object> {

        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final long startedAt;
        private final Duration budget;
        private final CompletableFuture<T> answer;
        private final Timeout limit;

        AsyncCall(long startedAt, Duration budget, CompletableFuture<T> answer) {
            this.startedAt = startedAt;
            this.budget = budget;
            this.answer = answer;
            this.limit = limits.begin(budget, this::giveUp);
        }

        private void giveUp() {
            if (ended.compareAndSet(false, true)) {
                fail(new TimeoutException());
            }
        }

        void end(T value, @Nullable Throwable failure) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            limit.cancel();
            if (failure == null) {
                asyncCalls.leave();
                succeeded(startedAt);
                result.complete(value);
            } else {
                fail(failure);
            }
        }

        private void fail(Throwable failure) {
            asyncCalls.leave();
            answer.cancel(true);
            result.completeExceptionally(failed(startedAt, budget, failure));
        }
    }
}
