package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DegradedDecisionsTest {

    private static final int NODES = 3;

    private final DegradedDecisions decisions =
            new DegradedDecisions(FailurePolicy.LIMIT_LOCALLY, Map.of(), NODES, new LocalLimitEngine(new FakeTicker()));

    @ParameterizedTest
    @CsvSource({"BUCKET, 11, 6", "SMOOTH, 1, 6", "WINDOW, 11, 60", "ALIGNED_WINDOW, 11, 60"})
    void decide_anyShape_hasAShareOfTheSameShape(RateLimit.Shape shape, int admitted, long retryAfter) {
        Tier tier = Tier.of("shaped", RateLimit.perMinute(30).withBurst(2).withShape(shape));

        for (int left = admitted - 1; left >= 0; left--) {
            RateLimitDecision decision = decide(tier);
            assertThat(decision.allowed()).isTrue();
            assertThat(decision.remaining()).isEqualTo(left);
        }
        assertThat(decide(tier).retryAfter()).contains(Duration.ofSeconds(retryAfter));
    }

    private RateLimitDecision decide(Tier tier) {
        return decisions
                .decide(List.of(new TierBucket(tier, "digest", "bucket")), 1)
                .toCompletableFuture()
                .join();
    }
}
