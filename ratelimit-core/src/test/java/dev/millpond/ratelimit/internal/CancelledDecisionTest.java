package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of decisions whose callers wait for them no longer. */
class CancelledDecisionTest {

    private static final Client CLIENT = Client.ofAddress("192.0.2.1");

    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final ScriptedEngine engine = new ScriptedEngine();
    private final List<String> told = new ArrayList<>();

    private RateLimiter limiter(boolean observed) {
        engine.ready = ready;
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!")
                .defaultTier(Tier.FREE.withInFlight(2))
                .listener((decision, latency) -> told.add("listener"));
        if (observed) {
            builder.observer(() -> (decision, failure) -> told.add("observer"));
        }
        return builder.build(engine);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tryAcquireAsync_cancelledBeforeTheAnswer_isToldAndGivesItsPlaceBack(boolean observed) {
        CompletableFuture<RateLimitDecision> decision =
                limiter(observed).tryAcquireAsync(CLIENT, 1).toCompletableFuture();

        decision.cancel(true);
        assertThat(told).isEmpty();
        ready.complete(null);

        assertThat(told).isEqualTo(observed ? List.of("listener", "observer") : List.of("listener"));
        assertThat(engine.released).isEqualTo(1);
    }

    @Test
    void tryAcquireAsync_answered_keepsItsPlace() {
        CompletionStage<RateLimitDecision> decision = limiter(true).tryAcquireAsync(CLIENT, 1);

        ready.complete(null);

        assertThat(decision).isCompletedWithValueMatching(made -> made.permit().isPresent());
        assertThat(engine.released).isZero();
    }

    @Test
    void tryAcquireAsync_cancelledAfterTheAnswer_keepsItsPlace() {
        ready.complete(null);
        CompletableFuture<RateLimitDecision> decision =
                limiter(false).tryAcquireAsync(CLIENT, 1).toCompletableFuture();

        assertThat(decision.cancel(true)).isFalse();

        assertThat(engine.released).isZero();
    }
}
