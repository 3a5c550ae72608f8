package dev.millpond.spring.internal.health;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.RedisConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether Redis is there, and never that Millpond is down.
 *
 * <p>Without Redis the application goes on: it loads, or serves from this process, and limits locally. Were that
 * reported as down, an orchestrator would take away nodes that work. So the status is always up, and {@code degraded}
 * tells.
 */
public final class MillpondHealthIndicator extends AbstractHealthIndicator {

    private final CacheRegistry caches;
    private final @Nullable RedisConnection redis;

    /**
     * Creates it.
     *
     * @param redis the connection, or null in an application that works in one process
     */
    public MillpondHealthIndicator(CacheRegistry caches, @Nullable RedisConnection redis) {
        super("Millpond's health check failed");
        this.caches = caches;
        this.redis = redis;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        boolean available = redis != null && redis.available();
        boolean trusted = caches.invalidationStats().trusted();
        builder.up()
                .withDetail("redis", redis == null ? "none" : available ? "up" : "down")
                .withDetail("invalidations", trusted ? "known" : "unknown")
                .withDetail("degraded", !trusted || (redis != null && !available))
                .withDetail("caches", caches.caches().size());
    }
}
