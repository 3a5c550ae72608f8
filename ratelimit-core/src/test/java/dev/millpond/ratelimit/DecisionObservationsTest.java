package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.internal.LogCapture;
import dev.millpond.ratelimit.spi.DecisionObserver;
import dev.millpond.ratelimit.spi.DecisionObserver.Observed;
import dev.millpond.testkit.FakeTicker;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionObservationsTest {

    private static final Client CLIENT = Client.of("key-42", "192.0.2.1");
    private static final Tier ONE = Tier.of("one", RateLimit.perMinute(1));
    private static final String NAME = "millpond.ratelimit.decision";

    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final RateLimiter limiter = limiter(new DecisionObservations(registry));

    private static RateLimiter limiter(DecisionObserver observer) {
        return RateLimiter.builder()
                .tierOf(key -> Optional.of(ONE))
                .ticker(new FakeTicker())
                .observer(observer)
                .build();
    }

    @AfterEach
    void close() {
        limiter.close();
    }

    @Test
    void tryAcquire_insideAnObservation_isAChildWithTierAndOutcome() {
        Observation request = Observation.start("request", registry);
        request.scoped(() -> limiter.tryAcquire(CLIENT, 1).allowed());
        request.stop();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasContextualNameEqualTo("rate-limit decision")
                .hasParentObservationEqualTo(request)
                .hasLowCardinalityKeyValue("tier", "one")
                .hasLowCardinalityKeyValue("outcome", "allowed")
                .hasLowCardinalityKeyValue("mode", "enforce")
                .hasLowCardinalityKeyValue("policy", "none")
                .hasBeenStarted()
                .hasBeenStopped();
        assertThat(registry.getCurrentObservation()).isNull();
    }

    @Test
    void anyDecision_ofAClient_hasNoKeysButThese() {
        limiter.tryAcquire(CLIENT, 1);

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasOnlyKeys("tier", "outcome", "mode", "policy");
    }

    @Test
    void acquire_waitsInVain_isOneObservation() throws InterruptedException {
        limiter.tryAcquire(CLIENT, 1);
        registry.clear();

        assertThat(limiter.acquire(RateLimitRequest.of(CLIENT), Duration.ZERO).outcome())
                .isEqualTo(Outcome.DENIED);

        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo(NAME, 1)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasLowCardinalityKeyValue("outcome", "denied")
                .hasBeenStopped();
    }

    @Test
    void acquire_interrupted_endsTheObservationWithTheError() {
        limiter.tryAcquire(CLIENT, 1);
        registry.clear();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> limiter.acquire(CLIENT, 1, Duration.ofHours(1)));

        assertFailed(InterruptedException.class);
    }

    @Test
    void tryAcquire_refusedRequest_endsTheObservationWithTheError() {
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(this::tryAcquireNothing);

        assertFailed(NullPointerException.class);
    }

    @SuppressWarnings("NullAway") // The mistake under test.
    private void tryAcquireNothing() {
        limiter.tryAcquire((RateLimitRequest) null);
    }

    private void assertFailed(Class<? extends Throwable> failure) {
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasLowCardinalityKeyValue("outcome", "none")
                .hasBeenStopped()
                .thenError()
                .isInstanceOf(failure);
    }

    @Test
    void tryAcquire_observerThatThrows_decidesAllTheSame() {
        try (LogCapture log = new LogCapture()) {
            RateLimiter ofBadBeginning = limiter(() -> {
                throw new IllegalStateException("no beginning");
            });
            RateLimiter ofBadEnd = limiter(BadEnd::new);

            assertThat(ofBadBeginning.tryAcquire(CLIENT, 1).allowed()).isTrue();
            assertThat(ofBadEnd.tryAcquire(CLIENT, 1).allowed()).isTrue();

            assertThat(log.warnings())
                    .anyMatch(line -> line.contains("failed with java.lang.IllegalStateException: no beginning."))
                    .anyMatch(line -> line.contains("failed with java.lang.IllegalStateException: no end."));
        }
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void tryAcquire_observerWithoutAnEnd_decidesAllTheSame() throws InterruptedException {
        try (LogCapture log = new LogCapture()) {
            RateLimiter endless = limiter(() -> null);

            assertThat(endless.tryAcquire(CLIENT, 1).allowed()).isTrue();
            assertThat(endless.acquire(CLIENT, 1, Duration.ZERO).outcome()).isEqualTo(Outcome.DENIED);

            assertThat(log.warnings())
                    .anyMatch(line -> line.contains("failed with java.lang.NullPointerException: begin() gave null."));
        }
    }

    private static final class BadEnd implements Observed {

        @Override
        public void ended(@Nullable RateLimitDecision decision, @Nullable Throwable failure) {
            throw new IllegalStateException("no end");
        }
    }
}
