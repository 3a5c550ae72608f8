package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/** An engine on a clock driven by hand, which Redis follows too; it can die. */
final class Node {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private final FakeTicker clock;
    private final MortalGuard guard;
    private final PriorityQueue<Due> later = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    private final RedisLimitEngine engine;

    private record Due(long at, Runnable action) {}

    Node(RedisEngine kind, RedisGuard redis, FakeTicker clock) {
        this.clock = clock;
        this.guard = new MortalGuard(redis);
        this.engine = new RedisLimitEngine(
                RedisLimitEngine.bucketsOf(kind, guard, clock, clock, new HandClockScript(clock)),
                guard,
                LONG_ENOUGH,
                clock,
                "test:rl",
                (delay, action) -> later.add(new Due(clock.read() + delay.toNanos(), action)));
    }

    RedisLimitEngine engine() {
        return engine;
    }

    BucketState take(Take take, long cost) {
        return engine.takeAll(List.of(take), cost).toCompletableFuture().join().get(0);
    }

    /** Does what is due by now, and waits until Redis has answered. */
    void settle() {
        while (!later.isEmpty() && later.peek().at <= clock.read()) {
            later.remove().action.run();
        }
        while (guard.underWay.get() > 0) {
            Thread.onSpinWait(); // some thousand times per test, for less than a millisecond each
        }
    }

    /** Ends without giving anything back. */
    void die() {
        guard.dead = true;
        later.clear();
    }

    private static final class MortalGuard extends GuardAround {

        private final AtomicInteger underWay = new AtomicInteger();
        private volatile boolean dead;

        private MortalGuard(RedisGuard guard) {
            super(guard);
        }

        @Override
        public boolean available() {
            return !dead && super.available();
        }

        @Override
        public <T extends @Nullable Object> CompletionStage<T> callAsync(
                Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
            if (dead) {
                return CompletableFuture.failedStage(new RedisUnavailableException("The node is dead."));
            }
            underWay.incrementAndGet();
            return super.callAsync(budget, command).whenComplete((answer, failure) -> underWay.decrementAndGet());
        }
    }
}
