package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.runtime.spi.Timeouts;
import dev.millpond.testkit.FakeTicker;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisTimeoutException;

@Timeout(30)
final class CallGuardTest {

    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final FakeTicker ticker = new FakeTicker();
    private final CircuitBreaker breaker = new CircuitBreaker("Redis", ticker);
    private final RedissonClient client = Clients.untouchable();
    private final List<Runnable> registered = new ArrayList<>();
    private final ScheduledExecutorService timeouts = TimeoutThread.start();
    private final CallGuard guard =
            new CallGuard(() -> client, breaker, ticker, new Timeouts(timeouts, ticker), this::register);
    private final CompletableFuture<String> never = new CompletableFuture<>();

    @BeforeEach
    void closeBreaker() {
        breaker.probeAnswered(Duration.ZERO);
    }

    @AfterEach
    void endThread() {
        timeouts.shutdownNow();
    }

    @Test
    void call_answerInTime_isReturned() {
        String value = guard.call(BUDGET, given -> {
            assertThat(given).isSameAs(client);
            return CompletableFuture.completedFuture("value");
        });

        assertThat(value).isEqualTo("value");
    }

    @Test
    void call_nullAnswer_isReturned() {
        assertThat(guard.<String>call(BUDGET, given -> CompletableFuture.completedFuture(null)))
                .isNull();
    }

    @Test
    void call_breakerOpen_isRefusedWithoutSendingAndWithoutStackTrace() {
        breaker.open();

        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> {
                    throw new AssertionError("sent");
                }))
                .withMessage("Redis is away, so the call was not sent.")
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
        assertThat(guard.available()).isFalse();
    }

    @Test
    void call_onTheThreadThatBringsAnswers_isRefusedAtOnce() throws InterruptedException {
        FutureTask<String> asked = new FutureTask<>(() -> guard.call(BUDGET, given -> {
            throw new AssertionError("sent");
        }));
        Thread thread = new Thread(asked, "redisson-netty-1-1");
        thread.start();
        thread.join();

        assertThatThrownBy(asked::get)
                .hasCauseInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("must not wait on thread 'redisson-netty-1-1'");
        assertThat(guard.stats().failed()).isZero();
    }

    @Test
    void call_noAnswer_failsWhenTheBudgetIsSpentAndGivesTheCommandUp() {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(SHORT, given -> never))
                .withMessage("Redis gave no answer within 30 ms.")
                .withCauseInstanceOf(TimeoutException.class);

        assertThat(never).isCancelled();
    }

    @Test
    void call_budgetSpentBeforeTheCommandIsSent_failsAtOnce() {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> {
                    ticker.advance(BUDGET);
                    return never;
                }))
                .withMessage("Redis gave no answer within 20000 ms.");
    }

    @Test
    void call_commandFails_namesTheTypeButNotTheKey() {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> failed(new RedisException("WRONGTYPE for key 'k'"))))
                .withMessage("The call to Redis failed with RedisException.")
                .withCauseInstanceOf(RedisException.class)
                .matches(e -> !e.away());
    }

    @Test
    void call_commandThrows_failsTheSameWay() {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> {
                    throw new CompletionException(new RedisTimeoutException("acquire"));
                }))
                .withMessage("The call to Redis failed with RedisTimeoutException.")
                .withCauseInstanceOf(RedisTimeoutException.class)
                .matches(RedisUnavailableException::away);
    }

    @Test
    void call_interruptedThread_failsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> never))
                .withMessage("Interrupted while waiting to call Redis.");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void call_interruptedWhileWaiting_givesTheCommandUp() {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> {
                    Thread.currentThread().interrupt();
                    return never;
                }))
                .withMessage("Interrupted while waiting for the answer of Redis.");

        assertThat(never).isCancelled();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(guard.available()).isTrue();
    }

    @Test
    void call_processStoodStill_waitsForTheAnswerAsMuchLonger() {
        String value = guard.call(BUDGET, given -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            ticker.advance(BUDGET.multipliedBy(5));
            var unused = timeouts.schedule(() -> answer.complete("value"), 5, TimeUnit.MILLISECONDS);
            return answer;
        });

        assertThat(value).isEqualTo("value");
    }

    @Test
    void call_processStoodStillAndNoAnswerComes_endsSoon() {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(SHORT, given -> {
                    ticker.advance(SHORT.multipliedBy(2));
                    return never;
                }));
    }

    @Test
    void callAsync_processStoodStill_waitsForTheAnswerAsMuchLonger() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletionStage<String> stage = guard.callAsync(SHORT, given -> answer);
        ticker.advance(SHORT.multipliedBy(5));
        var unused = timeouts.schedule(() -> answer.complete("value"), 2 * SHORT.toMillis(), TimeUnit.MILLISECONDS);

        assertThat(stage.toCompletableFuture().join()).isEqualTo("value");
    }

    @Test
    void call_fiveTimeouts_openTheBreaker() {
        for (int i = 0; i < 5; i++) {
            assertThat(guard.available()).isTrue();
            callExpectingFailure(new RedisTimeoutException("slow"));
        }

        assertThat(guard.available()).isFalse();
    }

    @Test
    void call_errorsThatRedisAnswered_doNotCountAndProveThatItLives() {
        for (int i = 0; i < 4; i++) {
            callExpectingFailure(new RedisTimeoutException("slow"));
        }
        callExpectingFailure(new RedisException("WRONGTYPE"));
        for (int i = 0; i < 4; i++) {
            callExpectingFailure(new RedisReadonlyException("READONLY"));
        }
        assertThat(guard.available()).isTrue();
        callExpectingFailure(new RedisException("Unexpected", new ConnectException("refused")));

        assertThat(guard.available()).isFalse();
    }

    @Test
    void call_faultOfTheCaller_neitherCountsNorClears() {
        for (int i = 0; i < 4; i++) {
            callExpectingFailure(new RedisTimeoutException("slow"));
        }
        for (int i = 0; i < 10; i++) {
            callExpectingFailure(new IllegalArgumentException("cannot decode"));
        }
        assertThat(guard.available()).isTrue();
        callExpectingFailure(new RedisTimeoutException("slow"));

        assertThat(guard.available()).isFalse();
    }

    @Test
    void call_allPlacesTaken_isRefusedAfterAShareOfTheBudget() throws InterruptedException {
        ExecutorService callers = Executors.newCachedThreadPool();
        CountDownLatch sent = new CountDownLatch(CallGuard.WAITING_THREADS);
        try {
            for (int i = 0; i < CallGuard.WAITING_THREADS; i++) {
                callers.execute(() -> guard.call(BUDGET, given -> {
                    sent.countDown();
                    return never;
                }));
            }
            assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();

            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> guard.call(SHORT, given -> never))
                    .withMessage("Redis is too busy: 64 calls are waiting for it, so this one was not sent.");
            assertThat(guard.stats()).isEqualTo(new RedisStats.Calls(0, 0, 0, 1, 0, 0, 64, 0, 0));

            never.complete("free");
            assertThat(guard.<String>call(BUDGET, given -> CompletableFuture.completedFuture("value")))
                    .isEqualTo("value");
        } finally {
            callers.shutdown();
            assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void callAsync_answerInTime_isReturned() {
        assertThat(guard.callAsync(BUDGET, given -> CompletableFuture.completedFuture("value")))
                .isCompletedWithValue("value");
    }

    @Test
    void callAsync_interruptedThread_isSentAllTheSame() {
        Thread.currentThread().interrupt();

        assertThat(guard.callAsync(BUDGET, given -> CompletableFuture.completedFuture("value")))
                .isCompletedWithValue("value");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void callAsync_noAnswer_failsOnAThreadOfTheConnection() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        guard.callAsync(Duration.ofMillis(200), given -> never)
                .whenComplete((value, failure) ->
                        thread.complete(Thread.currentThread().getName()));

        ticker.advance(Duration.ofMillis(200));

        assertThat(thread.join()).isEqualTo("millpond-redis-timeouts");
    }

    @Test
    void callAsync_fiveTimeoutsOfOnePause_leaveTheBreakerClosed() {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            answers.add(answer);
            guard.callAsync(BUDGET, given -> answer);
        }
        ticker.advance(SHORT);

        answers.forEach(answer -> answer.completeExceptionally(new RedisTimeoutException("slow")));

        assertThat(guard.available()).isTrue();
    }

    @Test
    void callAsync_commandThrowsAnError_failsAndGivesItsPlaceBack() {
        for (int i = 0; i < CallGuard.ASYNC_CALLS; i++) {
            CompletionStage<String> stage = guard.callAsync(BUDGET, given -> {
                throw new NoClassDefFoundError("org/redisson/Missing");
            });
            assertThat(stage).isCompletedExceptionally();
        }

        assertThat(guard.callAsync(BUDGET, given -> CompletableFuture.completedFuture("value")))
                .isCompletedWithValue("value");
    }

    @Test
    void call_commandIsCancelled_fails() {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);

        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> cancelled))
                .withMessage("The call to Redis failed with CancellationException.");
    }

    @Test
    void callAsync_breakerOpen_failsWithoutSending() {
        breaker.open();

        assertThat(guard.callAsync(BUDGET, given -> never))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(RedisUnavailableException.class)
                .withMessageContaining("Redis is away, so the call was not sent.");
    }

    @Test
    void callAsync_noAnswer_failsWhenTheBudgetIsSpentAndGivesTheCommandUp() {
        CompletionStage<String> stage = guard.callAsync(SHORT, given -> never);

        ticker.advance(SHORT);

        assertThat(stage)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(RedisUnavailableException.class)
                .withMessage("Redis gave no answer within 30 ms.")
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(never).isCancelled();
    }

    @Test
    void callAsync_failure_reachesTheCallerUnwrapped() {
        CompletionStage<String> stage = guard.callAsync(BUDGET, given -> failed(new RedisException("WRONGTYPE")));

        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> seen.complete(failure));
        assertThat(seen.join())
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessage("The call to Redis failed with RedisException.");
    }

    @Test
    void callAsync_commandThrows_failsTheStage() {
        CompletionStage<String> stage = guard.callAsync(BUDGET, given -> {
            throw new IllegalStateException("bug");
        });

        assertThat(stage)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .withMessage("The call to Redis failed with IllegalStateException.");
    }

    @Test
    void callAsync_fiveFailures_openTheBreaker() {
        for (int i = 0; i < 5; i++) {
            guard.callAsync(BUDGET, given -> failed(new RedisTimeoutException("slow")));
        }

        assertThat(guard.available()).isFalse();
    }

    @Test
    void callAsync_allPlacesTaken_isRefusedAtOnceUntilOneIsFree() {
        List<CompletionStage<String>> stages = new ArrayList<>();
        for (int i = 0; i < CallGuard.ASYNC_CALLS; i++) {
            stages.add(guard.callAsync(BUDGET, given -> never));
        }

        assertThat(guard.callAsync(BUDGET, given -> never))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .withMessage("Redis is too busy: 1024 calls are waiting for it, so this one was not sent.");
        assertThat(guard.stats()).isEqualTo(new RedisStats.Calls(0, 0, 0, 1, 0, 0, 0, 0, 1024));
        never.complete("free");
        assertThat(stages).allSatisfy(stage -> assertThat(stage).isCompletedWithValue("free"));
        assertThat(guard.callAsync(BUDGET, given -> CompletableFuture.completedFuture("value")))
                .isCompletedWithValue("value");
    }

    @Test
    void stats_calls_areCountedOnceByHowTheyEnded() {
        String unused = guard.call(BUDGET, given -> CompletableFuture.completedFuture("value"));
        guard.callAsync(BUDGET, given -> CompletableFuture.completedFuture("value"));
        callExpectingFailure(new RedisException("WRONGTYPE"));
        callExpectingFailure(new IllegalArgumentException("cannot decode"));
        guard.callAsync(BUDGET, given -> failed(new RedisTimeoutException("slow")));
        breaker.open();
        callExpectingFailure(new IllegalStateException("not sent"));
        guard.callAsync(BUDGET, given -> never);

        assertThat(guard.stats()).isEqualTo(new RedisStats.Calls(2, 3, 2, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void stats_interruptedCalls_areRejectedOrFailed() {
        Thread.currentThread().interrupt();
        callExpectingFailure(new IllegalStateException("not sent"));
        assertThat(Thread.interrupted()).isTrue();

        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> {
                    Thread.currentThread().interrupt();
                    return never;
                }));
        assertThat(Thread.interrupted()).isTrue();

        assertThat(guard.stats()).isEqualTo(new RedisStats.Calls(0, 1, 0, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void stats_slowCalls_areCounted() {
        String unused = guard.call(BUDGET, given -> {
            ticker.advance(Duration.ofMillis(100));
            return CompletableFuture.completedFuture("value");
        });

        assertThat(guard.stats()).isEqualTo(new RedisStats.Calls(1, 0, 0, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void onAvailable_action_isHandedOver() {
        Runnable action = () -> {};

        Registration registration = guard.onAvailable(action);

        assertThat(registered).containsExactly(action);
        registration.close();
        assertThat(registered).isEmpty();
    }

    private Registration register(Runnable action) {
        registered.add(action);
        return () -> registered.remove(action);
    }

    private void callExpectingFailure(RuntimeException failure) {
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> guard.call(BUDGET, given -> failed(failure)));
    }

    private static CompletableFuture<String> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
