package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many bytes a decision in this process allocates. */
class DecisionAllocationTest {

    private static RateLimiter limiter(Tier tier) {
        return RateLimiter.builder()
                .secret("sixteen-letters!")
                .tierOf(key -> Optional.of(tier))
                .defaultTier(tier)
                .build();
    }

    private static Tier plenty() {
        return Tier.of("plenty", RateLimit.perSecond(500_000_000));
    }

    @Test
    void tryAcquire_allowed_allocatesLittle() {
        RateLimitRequest request = RateLimitRequest.of(Client.ofKey("demo"));

        assertThat(AllocatedBytes.perDecision(limiter(plenty()), request)).isBetween(1L, 1_200L);
    }

    @Test
    void tryAcquire_denied_allocatesLittle() {
        RateLimitRequest request = RateLimitRequest.of(Client.ofKey("demo"));

        assertThat(AllocatedBytes.perDecision(limiter(Tier.of("scarce", RateLimit.perMinute(1))), request))
                .isBetween(1L, 1_200L);
    }

    @Test
    void tryAcquire_byAddress_allocatesLittle() {
        RateLimitRequest request = RateLimitRequest.of(Client.ofAddress("2001:db8::1"));

        assertThat(AllocatedBytes.perDecision(limiter(plenty()), request)).isBetween(1L, 1_200L);
    }
}
