package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.ratelimit.internal.nodes.NodeCount;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DegradedDecisionsTest {

    private static final Tier TWELVE = Tier.of("free", RateLimit.perMinute(10).withBurst(2));

    private final ChangingCount nodes = new ChangingCount();
    private final FakeTicker ticker = new FakeTicker();
    private final DegradedDecisions decisions =
            new DegradedDecisions(FailurePolicy.LIMIT_LOCALLY, Map.of(), nodes, new LocalLimitEngine(ticker));

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

    @Test
    void decide_fewerNodes_keepsTheShareThatIsUsed() {
        assertThat(decide(TWELVE, 2).remaining()).isEqualTo(2); // of 4

        nodes.count = 1;
        assertThat(decide(TWELVE, 0).remaining()).isEqualTo(6); // of 12
        assertThat(decide(TWELVE, 6).remaining()).isZero();

        nodes.count = 3;
        assertThat(decide(TWELVE).allowed()).isFalse();
        nodes.count = 1;
        assertThat(decide(TWELVE).allowed()).isFalse();
        assertThat(decide(TWELVE).retryAfter()).contains(Duration.ofSeconds(6)); // 10 per minute
    }

    @ParameterizedTest
    @CsvSource({"BUCKET", "SMOOTH", "WINDOW", "ALIGNED_WINDOW"})
    void decide_numberChangesWithEachRequest_neverAdmitsMoreThanTheLargestShare(RateLimit.Shape shape) {
        Tier tier = Tier.of("shaped", RateLimit.perMinute(30).withBurst(6).withShape(shape));
        nodes.count = 1;
        long capacity = tier.capacity();
        long admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            nodes.count = 1 + i % 4;
            admitted += decide(tier).allowed() ? 1 : 0;
        }
        assertThat(admitted).isBetween(1L, capacity);

        ticker.advance(Duration.ofMinutes(1));
        nodes.count = 3;
        for (int i = 0; i < 100; i++) {
            admitted += decide(tier).allowed() ? 1 : 0;
        }
        assertThat(admitted).isLessThanOrEqualTo(capacity + capacity / 3 + 1);
    }

    @Test
    void decide_moreNodesWithPlacesTaken_admitsNobodyUntilEnoughAreFree() {
        Tier twoEach = TWELVE.withInFlight(6);
        List<RateLimitDecision> admitted = List.of(decide(twoEach), decide(twoEach));
        assertThat(decide(twoEach).allowed()).isFalse();

        nodes.count = 6;
        admitted.get(0).permit().orElseThrow().release();
        assertThat(decide(twoEach).allowed()).isFalse();
        admitted.get(1).permit().orElseThrow().release();
        assertThat(decide(twoEach).allowed()).isTrue();
    }

    @Test
    void close_decisions_stopsCounting() {
        decisions.close();

        assertThat(nodes.closed).isTrue();
    }

    private RateLimitDecision decide(Tier tier) {
        return decide(tier, 1);
    }

    private RateLimitDecision decide(Tier tier, long cost) {
        return decisions
                .decide(List.of(TierBucket.of(tier, "digest", "bucket")), cost)
                .toCompletableFuture()
                .join();
    }

    /** As many nodes as the test says. */
    private static final class ChangingCount implements NodeCount {

        private int count = 3;
        private boolean closed;

        @Override
        public int nodes() {
            return count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
