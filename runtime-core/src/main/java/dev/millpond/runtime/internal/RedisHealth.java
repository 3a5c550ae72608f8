package dev.millpond.runtime.internal;

import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.HealthSource;
import java.util.List;
import java.util.Map;

/** What a connection says of its Redis. */
record RedisHealth(RedisConnection redis) implements HealthSource {

    /** What is said without a connection. */
    static final HealthSource NONE = new HealthSource() {
        @Override
        public List<Check> checks() {
            return List.of(new Check("redis", "none", Status.UP));
        }
    };

    @Override
    public List<Check> checks() {
        RedisStats stats = redis.stats();
        Status status = stats.available() ? Status.UP : Status.DEGRADED;
        return List.of(
                new Check("redis", word(stats.state()), status),
                new Check("breaker", stats.available() ? "closed" : "open", status));
    }

    private static String word(RedisStats.State state) {
        return switch (state) {
            case CONNECTING -> "connecting";
            case AVAILABLE -> "up";
            case SLOW -> "slow";
            case AWAY -> "down";
        };
    }

    @Override
    public Map<String, Number> metrics() {
        return redis.stats()
                .pool()
                .map(pool -> Map.<String, Number>of("poolUtilization", pool.utilization()))
                .orElse(Map.of());
    }
}
