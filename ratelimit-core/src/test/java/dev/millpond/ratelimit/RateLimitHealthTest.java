package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.millpond.runtime.HealthMonitor;
import dev.millpond.testkit.FakeTicker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateLimitHealthTest {

    private static final Tier TWO = Tier.of("two", RateLimit.perMinute(2));
    private static final Client CLIENT = Client.ofAddress("192.0.2.1");

    private final RateLimitHealth limits = new RateLimitHealth();
    private final HealthMonitor health =
            HealthMonitor.builder().source(limits).ticker(new FakeTicker()).build();

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void report_someAreDenied_hasTheirPartOfAllDecisions() {
        try (RateLimiter limiter =
                RateLimiter.builder().defaultTier(TWO).listener(limits).build()) {
            for (int i = 0; i < 8; i++) {
                limiter.tryAcquire(CLIENT, 1);
            }
        }

        assertThat(health.report().metrics()).containsExactly(entry("blockRate1m", 0.75), entry("blockRate5m", 0.75));
    }

    @Test
    void report_inShadow_nobodyIsBlocked() {
        try (RateLimiter limiter = RateLimiter.builder()
                .defaultTier(TWO)
                .listener(limits)
                .rules(RateLimitRules.none().withMode(RateLimitMode.SHADOW))
                .build()) {
            for (int i = 0; i < 8; i++) {
                limiter.tryAcquire(CLIENT, 1);
            }
        }

        assertThat(health.report().metrics()).containsEntry("blockRate1m", 0.0);
    }
}
