package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How many bytes a decision in this process allocates, which unlike its time is the same on every machine.
 *
 * <p>Tests run on the first compiler alone, which makes every object that is written down; the second one leaves a
 * third of them out.
 */
class DecisionAllocationTest {

    private static final int DECISIONS = 10_000;

    /** Something else, such as the compiler, may disturb one round, but not all. */
    private static final int ROUNDS = 10;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long leastBytesPerDecision(RateLimiter limiter, RateLimitRequest request) {
        return Stream.generate(() -> bytesOf(limiter, request))
                        .limit(ROUNDS)
                        .mapToLong(bytes -> bytes)
                        .min()
                        .orElseThrow()
                / DECISIONS;
    }

    private long bytesOf(RateLimiter limiter, RateLimitRequest request) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < DECISIONS; i++) {
            limiter.tryAcquire(request);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

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

        assertThat(leastBytesPerDecision(limiter(plenty()), request)).isBetween(1L, 1_200L);
    }

    @Test
    void tryAcquire_denied_allocatesLittle() {
        RateLimitRequest request = RateLimitRequest.of(Client.ofKey("demo"));

        assertThat(leastBytesPerDecision(limiter(Tier.of("scarce", RateLimit.perMinute(1))), request))
                .isBetween(1L, 1_200L);
    }

    @Test
    void tryAcquire_byAddress_allocatesLittle() {
        RateLimitRequest request = RateLimitRequest.of(Client.ofAddress("2001:db8::1"));

        assertThat(leastBytesPerDecision(limiter(plenty()), request)).isBetween(1L, 1_200L);
    }
}
