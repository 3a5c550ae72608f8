package dev.millpond.ratelimit.internal.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.internal.LogCapture;
import dev.millpond.ratelimit.internal.nodes.CountedNodes.Count;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.runtime.spi.Upkeep;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

class LiveNodesTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeRedis redis = new FakeRedis();
    private final LiveNodes nodes =
            new LiveNodes(redis, redis, new Upkeep("A limiter", "upkeep", NEVER), Duration.ZERO, new FakeTicker());

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void nodes_redisNotYetThere_isOne() {
        assertThat(nodes.nodes()).isOne();
        assertThat(redis.calls).isEmpty();
    }

    @Test
    void nodes_redisBecomesAvailable_isWhatItCountsAtOnce() {
        redis.comes();
        assertThat(nodes.nodes()).as("before the answer").isOne();

        redis.answer(3);

        assertThat(nodes.nodes()).isEqualTo(3);
        assertThat(redis.calls).containsExactly("beat");
    }

    @Test
    void nodes_redisAway_staysWithoutAWord() {
        redis.comes();
        redis.answer(3);
        try (LogCapture log = new LogCapture()) {
            redis.comes();
            redis.fail(new RedisUnavailableException("Redis is away, so the call was not sent."));

            assertThat(nodes.nodes()).isEqualTo(3);
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void nodes_keyOfAnotherType_staysAndIsToldOnceUntilItIsOver() {
        redis.comes();
        redis.answer(3);
        RuntimeException wrongType = new RedisUnavailableException(
                "The call to Redis failed.", new IllegalStateException("WRONGTYPE"), false);
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 3; i++) {
                redis.comes();
                redis.fail(wrongType);
            }
            assertThat(nodes.nodes()).isEqualTo(3);
            assertThat(log.warnings())
                    .containsExactly("Live nodes under 'test:rl-nodes' cannot be counted; the last number, 3, stays."
                            + " The call to Redis failed. (java.lang.IllegalStateException: WRONGTYPE)");

            redis.comes();
            redis.answer(3);
            redis.comes();
            redis.fail(wrongType);
            assertThat(log.warnings()).hasSize(2);
        }
    }

    @Test
    void beat_lastOneUnanswered_waitsForIt() {
        redis.comes();
        redis.comes();
        assertThat(redis.calls).containsExactly("beat");

        redis.answer(1);
        redis.comes();
        assertThat(redis.calls).containsExactly("beat", "beat");
    }

    @Test
    void close_beatUnderWay_leavesAfterIt() {
        redis.comes();
        nodes.close();
        assertThat(redis.calls).containsExactly("beat");

        redis.answer(2);
        assertThat(redis.calls).containsExactly("beat", "leave");
    }

    @Test
    void close_again_doesNothingAndNoBeatFollows() {
        redis.comes();
        redis.answer(2);
        Runnable late = redis.action();
        nodes.close();
        nodes.close();
        late.run();

        assertThat(redis.calls).containsExactly("beat", "leave");
        assertThat(redis.registered).isEmpty();
    }

    /** Counts what a test says, when it says so. */
    private static final class FakeRedis implements NodesInRedis, RedisGuard {

        private final List<String> calls = new ArrayList<>();
        private final List<Runnable> registered = new ArrayList<>();
        private CompletableFuture<Count> open = new CompletableFuture<>();

        private void comes() {
            registered.forEach(Runnable::run);
        }

        private Runnable action() {
            return registered.get(0);
        }

        private void answer(int nodes) {
            open.complete(new Count(nodes, SECOND));
        }

        private void fail(RuntimeException failure) {
            open.completeExceptionally(failure);
        }

        @Override
        public CompletionStage<Count> beat(String node) {
            calls.add("beat");
            open = new CompletableFuture<>();
            return open.thenApply(Function.identity()); // failures come wrapped, as from a client
        }

        @Override
        public CompletionStage<?> leave(String node) {
            calls.add("leave");
            return CompletableFuture.completedStage(true);
        }

        @Override
        public Registration onAvailable(Runnable action) {
            registered.add(action);
            return () -> registered.remove(action);
        }

        @Override
        public boolean available() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T extends @Nullable Object> T call(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T extends @Nullable Object> CompletionStage<T> callAsync(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String toString() {
            return "test:rl-nodes";
        }
    }
}
