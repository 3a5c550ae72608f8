package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.peers.Machine;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import java.time.Duration;
import java.util.List;

/**
 * Limiters of Resilience4j, which work in one process.
 *
 * @param registry has one for each key
 * @param keys all keys
 */
record Resilience4jLimits(RateLimiterRegistry registry, List<String> keys) implements Limits {

    static Limits open(Machine machine, Allowance allowance, List<String> keys) {
        RateLimiterRegistry registry = RateLimiterRegistry.of(RateLimiterConfig.custom()
                .limitForPeriod((int) allowance.tokens())
                .limitRefreshPeriod(allowance.period())
                .timeoutDuration(Duration.ZERO)
                .build());
        return new Resilience4jLimits(registry, keys);
    }

    @Override
    public boolean tryAcquire(int key) {
        return registry.rateLimiter(keys.get(key)).acquirePermission();
    }
}
