package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

class RedisLimitEngineTest {

    private final AbsentRedis redis = new AbsentRedis();
    private final FakeTicker time = new FakeTicker();

    @Test
    void close_engineThatWarmsUp_isNoLongerCalledWhenRedisReturns() {
        RedisLimitEngine open = engine();
        RedisLimitEngine closed = engine();

        closed.close();
        redis.waiting.forEach(Runnable::run);

        assertThat(redis.waiting).hasSize(1);
        assertThat(redis.calls).as("of one engine: to listen, and to warm up").isEqualTo(1 + EngineWarmUp.AT_ONCE);
        open.close();
        assertThat(redis.waiting).isEmpty();
    }

    @Test
    void take_scriptOfLeasesCannotDecide_hasOneBudgetWithTheCallsThatFollow() {
        RedisLimitEngine engine = engine();
        List<Take> leased = List.of(new Take("bucket", Tier.PRO.limits(), Optional.empty(), 100));
        CompletionStage<List<BucketState>> first = engine.takeAll(leased, 1);
        redis.budgets.clear();
        redis.undecidedAfter = Duration.ofMillis(20);

        CompletionStage<List<BucketState>> second = engine.takeAll(leased, 1);

        assertThat(List.of(first, second))
                .allMatch(answer -> answer.toCompletableFuture().isCompletedExceptionally());
        assertThat(redis.budgets).startsWith(Duration.ofMillis(50), Duration.ofMillis(30));
        engine.close();
    }

    @Test
    void stats_redisIsAway_tellForHowLong() {
        RedisLimitEngine engine = engine();
        assertThat(engine.stats()).isEqualTo(RateLimitStats.none());

        assertThat(engine.take("bucket", Tier.PRO.limits(), 1).toCompletableFuture())
                .isCompletedExceptionally();
        time.advance(Duration.ofSeconds(70));
        assertThat(engine.stats()).isEqualTo(new RateLimitStats(0, 0, 0, 0, 0, 0, Duration.ofSeconds(70)));
        redis.waiting.forEach(Runnable::run);
        time.advance(Duration.ofHours(1));

        assertThat(engine.stats().degradedTime()).isEqualTo(Duration.ofSeconds(70));
        engine.close();
    }

    private RedisLimitEngine engine() {
        RedisLimitEngine engine =
                new RedisLimitEngine(RedisEngine.SCRIPT, redis, Duration.ofMillis(50), time, time, "shop:rl");
        engine.warmUpWhenAvailable("shop:rl:warm-up");
        return engine;
    }

    /** Answers no call, and notes what waits for its return. */
    private final class AbsentRedis implements RedisGuard {

        private final List<Runnable> waiting = new ArrayList<>();
        private final List<Duration> budgets = new ArrayList<>();
        private @Nullable Duration undecidedAfter;
        private int calls;

        @Override
        public boolean available() {
            return false;
        }

        @Override
        public <T extends @Nullable Object> T call(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            throw new RedisUnavailableException("The test has no Redis.");
        }

        @Override
        @SuppressWarnings("unchecked") // what a script answers that cannot decide
        public <T extends @Nullable Object> CompletionStage<T> callAsync(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            calls++;
            budgets.add(budget);
            Duration late = undecidedAfter;
            if (late != null) {
                time.advance(late);
                undecidedAfter = null;
                return (CompletionStage<T>) CompletableFuture.completedStage(Optional.empty());
            }
            return CompletableFuture.failedStage(new RedisUnavailableException("The test has no Redis."));
        }

        @Override
        public Registration onAvailable(Runnable action) {
            waiting.add(action);
            return () -> waiting.remove(action);
        }
    }
}
