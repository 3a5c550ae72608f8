package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TakeQueueTest {

    private static final List<RateLimit> LIMIT = List.of(RateLimit.perMinute(10));

    /** A question that the backend has got and a test has not answered yet. */
    private record Call(String bucket, List<Long> costs, CompletableFuture<List<List<BucketState>>> answer) {

        void answerAll() {
            answer.complete(costs.stream()
                    .map(cost -> List.of(BucketState.of(true, cost, 0, 0)))
                    .toList());
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private final List<Long> unheard = new ArrayList<>();
    private final TakeQueue queue = queue(this::call, Duration.ofMinutes(1));

    private TakeQueue queue(TakeQueue.Backend backend, Duration budget) {
        return new TakeQueue(backend, new TakeTimer(budget), (buckets, wanted) -> unheard.add(wanted.cost()));
    }

    private CompletionStage<List<List<BucketState>>> call(List<Take> buckets, List<Wanted> wanted) {
        String names = buckets.stream().map(Take::bucket).collect(Collectors.joining("+"));
        Call call = new Call(names, wanted.stream().map(Wanted::cost).toList(), new CompletableFuture<>());
        calls.add(call);
        return call.answer;
    }

    private CompletableFuture<BucketState> take(String bucket, long cost) {
        return take(queue, bucket, cost).toCompletableFuture();
    }

    private static CompletionStage<BucketState> take(TakeQueue queue, String bucket, long cost) {
        return queue.take(List.of(new Take(bucket, LIMIT)), Wanted.tokens(cost)).thenApply(states -> states.get(0));
    }

    private void enqueue(String bucket, long cost) {
        var unused = take(bucket, cost);
    }

    @Test
    void take_nobodyWaits_isAskedAtOnce() {
        CompletableFuture<BucketState> answer = take("a", 3);

        assertThat(calls).extracting(Call::costs).containsExactly(List.of(3L));
        calls.get(0).answerAll();
        assertThat(answer.join().remaining()).isEqualTo(3);
    }

    @Test
    void take_whileOthersAreServed_isAskedTogetherInOrder() {
        CompletableFuture<BucketState> first = take("a", 1);
        CompletableFuture<BucketState> second = take("a", 2);
        CompletableFuture<BucketState> third = take("a", 3);
        assertThat(calls).hasSize(1);

        calls.get(0).answerAll();
        assertThat(first).isCompleted();
        assertThat(calls).extracting(Call::costs).containsExactly(List.of(1L), List.of(2L, 3L));
        assertThat(second).isNotDone();
        calls.get(1).answerAll();
        assertThat(second.join().remaining()).isEqualTo(2);
        assertThat(third.join().remaining()).isEqualTo(3);

        enqueue("a", 4);
        assertThat(calls).hasSize(3);
    }

    @Test
    void take_otherBucketOrLimit_doesNotWait() {
        enqueue("a", 1);
        enqueue("b", 1);
        queue.take(List.of(new Take("a", List.of(RateLimit.perMinute(11)))), Wanted.tokens(1));
        queue.take(List.of(new Take("a", LIMIT), new Take("b", LIMIT)), Wanted.tokens(1));

        assertThat(calls).extracting(Call::bucket).containsExactly("a", "b", "a", "a+b");
    }

    @Test
    void take_backendFails_failsThoseWhoWereAskedForAndServesTheNext() {
        CompletableFuture<BucketState> first = take("a", 1);
        CompletableFuture<BucketState> second = take("a", 2);

        calls.get(0).answer.completeExceptionally(new RedisUnavailableException("away"));

        assertThatThrownBy(first::join).hasRootCauseInstanceOf(RedisUnavailableException.class);
        assertThat(second).isNotDone();
        calls.get(1).answerAll();
        assertThat(second).isCompleted();
    }

    @Test
    void take_backendThrows_failsAndServesTheNext() {
        TakeQueue broken = queue(
                (buckets, wanted) -> {
                    throw new IllegalArgumentException("broken");
                },
                Duration.ofMinutes(1));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> take(broken, "a", 1).toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("broken");
        }
    }

    @Test
    void take_turnDoesNotComeWithinTheBudget_failsAndIsNotAskedFor() {
        TakeQueue impatient = queue(this::call, Duration.ofMillis(1));
        take(impatient, "a", 1);
        CompletableFuture<BucketState> late = take(impatient, "a", 2).toCompletableFuture();

        assertThatThrownBy(late::join).hasCauseInstanceOf(TimeoutException.class);
        calls.get(0).answerAll();
        assertThat(calls).hasSize(1);
    }

    @Test
    void take_admittedTooLate_isToldToWhomItConcerns() {
        TakeQueue impatient = queue(this::call, Duration.ofMillis(300));
        take(impatient, "a", 1);
        CompletableFuture<BucketState> late = take(impatient, "a", 2).toCompletableFuture();
        calls.get(0).answerAll();
        assertThat(calls.get(1).costs).containsExactly(2L);

        assertThatThrownBy(late::join).hasCauseInstanceOf(TimeoutException.class);
        assertThat(unheard).isEmpty();
        calls.get(1).answerAll();

        assertThat(unheard).containsExactly(2L);
        impatient.close();
    }

    @Test
    void take_turnDoesNotComeAfterContention_saysSo() {
        TakeQueue impatient = queue(this::call, Duration.ofMillis(300));
        take(impatient, "a", 1);
        take(impatient, "a", 2);
        calls.get(0).answer.completeExceptionally(new BucketContentionException("others were faster", true));
        CompletableFuture<BucketState> late = take(impatient, "a", 3).toCompletableFuture();

        assertThatThrownBy(late::join).hasCauseInstanceOf(BucketContentionException.class);
        impatient.close();
    }

    @Test
    void take_tooManyWait_failsAtOnce() {
        enqueue("a", 1);
        for (int i = 0; i < TakeQueue.MAXIMUM_WAITING; i++) {
            enqueue("a", 1);
        }

        assertThatThrownBy(take("a", 1)::join)
                .hasCauseInstanceOf(RedisTooSlowException.class)
                .hasRootCauseMessage("More than 10000 decisions wait for one bucket.");
        calls.get(0).answerAll();
        assertThat(calls.get(1).costs).hasSize(TakeQueue.MAXIMUM_WAITING);
    }

    @Test
    void take_somebodyArrivesInEachRoundOfABackendThatFailsAtOnce_answersAllInOrder() {
        int rounds = 20_000;
        List<Long> asked = new ArrayList<>();
        List<Long> answered = new ArrayList<>();
        TakeQueue[] busy = new TakeQueue[1];
        busy[0] = queue(
                (buckets, wanted) -> {
                    long cost = wanted.get(0).cost();
                    asked.add(cost);
                    if (cost < rounds) {
                        var unused = busy[0].take(buckets, Wanted.tokens(cost + 1))
                                .whenComplete((state, failure) -> answered.add(cost + 1));
                    }
                    return CompletableFuture.failedFuture(new RedisUnavailableException("away"));
                },
                Duration.ofMinutes(1));

        take(busy[0], "a", 1);

        assertThat(asked).hasSize(rounds);
        assertThat(answered).hasSize(rounds - 1).isSorted();
        take(busy[0], "a", rounds);
        assertThat(asked).hasSize(rounds + 1);
    }

    @Test
    void take_somebodyWaited_isAnsweredBeforeTheNextAreAsked() {
        List<String> order = new ArrayList<>();
        TakeQueue watched = queue(
                (buckets, wanted) -> {
                    order.add("asked for " + wanted.stream().map(Wanted::cost).toList());
                    return call(buckets, wanted);
                },
                Duration.ofMinutes(1));
        take(watched, "a", 1).whenComplete((state, failure) -> order.add("answered 1"));
        take(watched, "a", 2);

        calls.get(0).answerAll();

        assertThat(order).containsExactly("asked for [1]", "answered 1", "asked for [2]");
    }

    @Test
    void take_backendThrowsAnError_failsAndServesTheNext() {
        AtomicInteger asked = new AtomicInteger();
        TakeQueue broken = queue(
                (buckets, wanted) -> {
                    asked.incrementAndGet();
                    throw new StackOverflowError("deep");
                },
                Duration.ofMinutes(1));

        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(() -> take(broken, "a", 1).toCompletableFuture().join())
                    .hasRootCauseMessage("deep");
            assertThat(asked).hasValue(i);
        }
    }

    @Test
    void take_backendAnswersForTooFew_failsTheOthersAndServesTheNext() {
        CompletableFuture<BucketState> first = take("a", 1);
        CompletableFuture<BucketState> second = take("a", 2);

        calls.get(0).answer.complete(List.of());

        assertThatThrownBy(first::join).hasCauseInstanceOf(IndexOutOfBoundsException.class);
        calls.get(1).answerAll();
        assertThat(second).isCompleted();
    }

    @Test
    void take_turnDoesNotComeWithinTheBudget_failsOnTheThreadOfTheQueue() {
        TakeQueue impatient = queue(this::call, Duration.ofMillis(200));
        take(impatient, "a", 1);

        CompletableFuture<String> thread = new CompletableFuture<>();
        take(impatient, "a", 2)
                .whenComplete((state, failure) ->
                        thread.complete(Thread.currentThread().getName()));

        assertThat(thread.join()).isEqualTo("millpond-rate-limit-timeouts");
        impatient.close();
    }

    @Test
    void take_closedQueue_isStillAnswered() {
        queue.close();
        CompletableFuture<BucketState> first = take("a", 1);
        CompletableFuture<BucketState> second = take("a", 2);

        calls.get(0).answerAll();
        calls.get(1).answerAll();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }
}
