package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.internal.LimitEngineContract;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;

/** What engines on Redis must do whose buckets follow a clock that is driven by hand. */
abstract class HandClockContract extends LimitEngineContract {

    static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    final FakeTicker clock = new FakeTicker();
    LimitEngine engine;

    @BeforeEach
    void begin() {
        empty();
        engine = newEngine();
    }

    /** Makes Redis empty. */
    abstract void empty();

    /** Returns the engine that is tested. */
    abstract LimitEngine newEngine();

    /** Returns an engine whose decisions have time on any machine. */
    static RedisLimitEngine engine(RedisEngine kind, RedisConnection redis, FakeTicker clock) {
        return engine(kind, redis, clock, new HandClockScript(clock));
    }

    static RedisLimitEngine engine(
            RedisEngine kind, RedisConnection redis, FakeTicker clock, UnaryOperator<String> script) {
        return new RedisLimitEngine(
                RedisLimitEngine.bucketsOf(kind, redis.guard(), clock, clock, script),
                redis.guard(),
                LONG_ENOUGH,
                clock,
                "test:rl");
    }

    @Override
    protected LimitEngine engine() {
        return engine;
    }

    @Override
    protected void advance(Duration time) {
        clock.advance(time);
    }

    @Override
    protected Duration precision() {
        return Duration.ofMillis(1);
    }
}
