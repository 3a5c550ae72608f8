package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/rate-limits.md}. */
class SnippetsTest {

    interface ApiKeys {
        Optional<Tier> tierOf(String apiKey);
    }

    private Optional<Duration> rejected = Optional.empty();
    private int served;

    private void use(RedisConnection redis, ApiKeys apiKeys, String secret, String apiKey, String address) {
        RateLimiter limiter = RateLimiter.builder()
                .redis(redis) // leave it out for one process
                .namespace("shop")
                .secret(secret) // the same on all nodes
                .tierOf(apiKeys::tierOf) // which tier an API key has
                .defaultTier(Tier.FREE) // everybody else, by address
                .allowlist(Allowlist.of("internal-monitor-5f2c", "10.0.0.0/8"))
                .whenRedisIsDown(FailurePolicy.LIMIT_LOCALLY)
                .expectedNodes(3)
                .build();

        RateLimitDecision decision = limiter.tryAcquire(Client.of(apiKey, address), 1);
        if (!decision.allowed()) {
            reject(decision.retryAfter());
        }
    }

    private void finish(RateLimiter limiter, String apiKey, String address) {
        RateLimitDecision decision = limiter.tryAcquire(Client.of(apiKey, address), 1);
        if (decision.allowed()) {
            try {
                serve();
            } finally {
                decision.permit().ifPresent(Permit::release);
            }
        }
    }

    private void serve() {
        served++;
    }

    private void reject(Optional<Duration> retryAfter) {
        rejected = retryAfter;
    }

    @Test
    void use_redisNotThere_isAllowedLocally() {
        try (RedisConnection redis = RedisConnection.to("redis://127.0.0.1:1")) {
            use(redis, key -> Optional.of(Tier.PRO), "a-long-random-secret", "key-42", "192.0.2.1");
        }

        assertThat(rejected).isEmpty();
    }

    @Test
    void finish_oneRequestAfterTheOther_findAPlace() {
        try (RateLimiter limiter = RateLimiter.builder()
                .tierOf(key -> Optional.of(Tier.PRO.withInFlight(1)))
                .build()) {
            finish(limiter, "key-42", "192.0.2.1");
            finish(limiter, "key-42", "192.0.2.1");
        }

        assertThat(served).isEqualTo(2);
    }
}
