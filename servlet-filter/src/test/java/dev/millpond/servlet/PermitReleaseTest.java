package dev.millpond.servlet;

import static dev.millpond.servlet.FakeRateLimiter.decision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.Tier;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When the filter gives back the place of a request among those in flight. */
class PermitReleaseTest {

    private final FakeRequest request = new FakeRequest();
    private final FakeResponse response = new FakeResponse();
    private final AtomicInteger releases = new AtomicInteger();
    private final FakeRateLimiter limiter = FakeRateLimiter.answering(withPermit(Outcome.ALLOWED));

    private RateLimitDecision withPermit(Outcome outcome) {
        return decision(outcome, Tier.FREE.withInFlight(1), 11, 6).withPermit(Optional.of(releases::incrementAndGet));
    }

    private void run(RateLimitFilter filter, FilterChain rest) throws IOException, ServletException {
        filter.doFilter(request, response, rest);
    }

    @Test
    void doFilter_chainReturns_releasesOnceAfterIt() throws Exception {
        run(
                RateLimitFilter.builder(limiter).build(),
                (any, other) -> assertThat(releases).hasValue(0));

        assertThat(releases).hasValue(1);
    }

    @Test
    void doFilter_chainThrows_releasesOnce() {
        assertThatThrownBy(() -> run(RateLimitFilter.builder(limiter).build(), (any, other) -> {
                    throw new IOException("hung up");
                }))
                .hasMessage("hung up");

        assertThat(releases).hasValue(1);
    }

    @Test
    void doFilter_refundToo_releasesOnceAndRefunds() throws Exception {
        RateLimitFilter filter = RateLimitFilter.builder(limiter)
                .refundWhen(status -> status == 503)
                .build();

        run(filter, (any, other) -> response.setStatus(503));

        assertThat(releases).hasValue(1);
        assertThat(limiter.refunds).hasSize(1);
    }

    @Test
    void doFilter_deniedByALaterFilter_releasesOnce() throws Exception {
        RateLimitFilter later =
                RateLimitFilter.builder(FakeRateLimiter.denying()).build();

        run(RateLimitFilter.builder(limiter).build(), (any, other) -> run(later, (one, two) -> {}));

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(releases).hasValue(1);
    }

    @Test
    void doFilter_twoLimitersWithPermits_releasesBoth() throws Exception {
        FakeRateLimiter second = FakeRateLimiter.answering(withPermit(Outcome.ALLOWED));
        RateLimitFilter later = RateLimitFilter.builder(second).build();

        run(
                RateLimitFilter.builder(limiter).build(),
                (any, other) -> run(later, (one, two) -> assertThat(releases).hasValue(0)));

        assertThat(releases).hasValue(2);
    }

    @Test
    void doFilter_unknownKeyRefused_releasesOnce() throws Exception {
        request.field("X-API-Key", "made-up-1");

        run(RateLimitFilter.builder(limiter).refuseUnknownKeys().build(), (any, other) -> {});

        assertThat(response.getStatus()).isEqualTo(401);
        assertThat(releases).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ALLOWED", "DENIED"})
    void doFilter_shadow_releasesWhatThereIs(Outcome outcome) throws Exception {
        FakeRateLimiter shadow = FakeRateLimiter.answering(withPermit(outcome).inShadow());
        AtomicInteger passed = new AtomicInteger();

        run(RateLimitFilter.builder(shadow).build(), (any, other) -> passed.incrementAndGet());

        assertThat(passed).hasValue(1);
        assertThat(releases).hasValue(1);
    }

    @Test
    void doFilter_withoutAPermit_followsNoResponse() throws Exception {
        FilterChain chain = (any, other) -> assertThat(new Throwable().getStackTrace())
                .noneMatch(frame -> frame.getClassName().endsWith("ResponseEnd"));

        run(RateLimitFilter.builder(FakeRateLimiter.allowing()).build(), chain);

        assertThat(releases).hasValue(0);
    }
}
