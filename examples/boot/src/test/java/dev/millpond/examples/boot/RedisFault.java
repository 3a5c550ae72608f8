package dev.millpond.examples.boot;

import java.time.Duration;
import java.util.function.Consumer;

/** What happens to the Redis of a running application; {@link FaultyRedis#mend()} ends it. */
@SuppressWarnings("ImmutableEnumChecker") // Nothing changes them.
enum RedisFault {
    KILLED(redis -> redis.server().stop()),
    PAUSED_FOR_5_S(redis -> redis.server().pause()),
    BLACK_HOLE(redis -> redis.network().blackhole()),
    HALF_OPEN(redis -> redis.network().halfOpen()),
    SLOW_200_MS(redis -> redis.network().delay(Duration.ofMillis(200))),
    FLUSHED(redis -> redis.server().flush()),
    OUT_OF_MEMORY(redis -> redis.allowMemory(1)),
    READ_ONLY(redis -> redis.server().command("REPLICAOF", "127.0.0.1", "1")),
    WRONG_PASSWORD(redis -> {
        redis.changePassword("wrong");
        redis.network().cut();
    });

    private final Consumer<FaultyRedis> beginning;

    RedisFault(Consumer<FaultyRedis> beginning) {
        this.beginning = beginning;
    }

    void begin(FaultyRedis redis) {
        beginning.accept(redis);
    }

    Duration duration() {
        return Duration.ofMillis(this == PAUSED_FOR_5_S ? 5_000 : 1_500);
    }

    /** Tells whether the application is worse off while it lasts; an empty Redis is only a new beginning. */
    boolean isNoticed() {
        return this != FLUSHED;
    }
}
