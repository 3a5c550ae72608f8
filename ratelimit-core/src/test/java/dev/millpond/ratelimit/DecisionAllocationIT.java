package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many bytes a decision allocates for which Redis is responsible, and need not be asked. */
class DecisionAllocationIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
    private static final RateLimitRequest REQUEST = RateLimitRequest.of(Client.ofKey("demo"));

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    @Test
    void tryAcquire_knownToBeDenied_allocatesLittle() {
        try (RedisConnection connection = PatientRedis.connect(REDIS.url());
                RateLimiter limiter = limiter(connection, Tier.of("scarce", RateLimit.of(1, Duration.ofDays(1))))) {
            await().atMost(LONG_ENOUGH).until(() -> isDeniedHere(limiter));

            assertThat(AllocatedBytes.perDecision(limiter, REQUEST)).isBetween(1L, 1_000L);
        }
    }

    /** Tells whether this node denies, since it knows that Redis would. */
    private static boolean isDeniedHere(RateLimiter limiter) {
        long before = limiter.stats().memoryAnswers();
        return !limiter.tryAcquire(REQUEST).allowed() && limiter.stats().memoryAnswers() > before;
    }

    private static RateLimiter limiter(RedisConnection connection, Tier tier) {
        return RateLimiter.builder()
                .redis(connection)
                .secret("sixteen-letters!")
                .decisionTimeout(LONG_ENOUGH)
                .tierOf(key -> Optional.of(tier))
                .defaultTier(tier)
                .build();
    }
}
