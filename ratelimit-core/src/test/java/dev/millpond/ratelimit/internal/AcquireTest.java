package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.DeniedClient;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.LocalLimitEngine;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting for tokens; the clock moves only while somebody waits. */
class AcquireTest {

    private static final Client CLIENT = Client.ofAddress("192.0.2.1");
    private static final Tier TENANT = Tier.of("tenant", RateLimit.perMinute(1));
    private static final Duration SIX_SECONDS = Duration.ofSeconds(6);

    private final FakeTicker ticker = new FakeTicker();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<RateLimitDecision> heard = new ArrayList<>();
    private final List<Duration> latencies = new ArrayList<>();
    private final RateLimiter limiter = limiter(this::pause);
    private Runnable meanwhile = () -> {};

    private RateLimiter limiter(Patience.Pause pause) {
        LimiterBuilder builder = new LimiterBuilder();
        builder.secret("sixteen-letters!").ticker(ticker).listener((decision, latency) -> {
            heard.add(decision);
            latencies.add(latency);
        });
        return builder.pause(pause).build(new LocalLimitEngine(ticker));
    }

    private void pause(Duration time) {
        pauses.add(time);
        ticker.advance(time);
        meanwhile.run();
    }

    @AfterEach
    void clearInterrupt() {
        boolean unused = Thread.interrupted();
    }

    private void useUp() {
        limiter.tryAcquire(CLIENT, 12);
        heard.clear();
        latencies.clear();
    }

    @Test
    void acquire_tokensAreThere_doesNotWait() throws Exception {
        assertThat(limiter.acquire(CLIENT, 12, Duration.ofMinutes(1)).outcome()).isEqualTo(Outcome.ALLOWED_BURST);

        assertThat(pauses).isEmpty();
    }

    @Test
    void acquire_tokensComeInTime_waitsForThemExactly() throws Exception {
        useUp();

        assertThat(limiter.acquire(CLIENT, 2, Duration.ofSeconds(12)).allowed()).isTrue();

        assertThat(pauses).containsExactly(Duration.ofSeconds(12));
        assertThat(limiter.peek(CLIENT).remaining()).isZero();
        assertThat(limiter.mostDenied()).as("who waited and was admitted").isEmpty();
    }

    @Test
    void acquire_tokensComeTooLate_deniesAtOnce() throws Exception {
        useUp();

        RateLimitDecision decision = limiter.acquire(CLIENT, 1, SIX_SECONDS.minusNanos(1));

        assertThat(decision.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(decision.retryAfter()).contains(SIX_SECONDS);
        assertThat(pauses).isEmpty();
        assertThat(limiter.mostDenied()).containsExactly(new DeniedClient(limiter.digestOf(CLIENT), "free", 1));
    }

    @Test
    void acquire_othersAreFaster_triesAgainUntilItIsTooLate() throws Exception {
        useUp();
        meanwhile = () -> limiter.tryAcquire(CLIENT, 1);

        RateLimitDecision decision = limiter.acquire(CLIENT, 1, Duration.ofSeconds(20));

        assertThat(decision.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(pauses).containsExactly(SIX_SECONDS, SIX_SECONDS, SIX_SECONDS);
    }

    @Test
    void acquire_severalLimits_waitsForTheTightest() throws Exception {
        RateLimitRequest request = RateLimitRequest.of(CLIENT).within(TENANT, "acme");
        limiter.tryAcquire(request);

        assertThat(limiter.acquire(request, Duration.ofMinutes(2)).allowed()).isTrue();

        assertThat(pauses).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void acquire_deniedForGood_deniesAtOnce() throws Exception {
        assertThat(limiter.acquire(CLIENT, 13, Duration.ofDays(1)).outcome()).isEqualTo(Outcome.DENIED);
        limiter.changeRules(rules -> rules.withBan("192.0.2.1"));
        assertThat(limiter.acquire(CLIENT, 1, Duration.ofDays(1)).outcome()).isEqualTo(Outcome.DENYLISTED);

        assertThat(pauses).isEmpty();
    }

    @Test
    void acquire_inShadow_doesNotWait() throws Exception {
        useUp();
        limiter.changeRules(rules -> RateLimitRules.none().withMode(RateLimitMode.SHADOW));

        assertThat(limiter.acquire(CLIENT, 1, Duration.ofMinutes(1)).allowed()).isTrue();

        assertThat(pauses).isEmpty();
    }

    @Test
    void acquire_longestTimeThereIs_waits() throws Exception {
        useUp();

        assertThat(limiter.acquire(CLIENT, 1, Duration.ofSeconds(Long.MAX_VALUE))
                        .allowed())
                .isTrue();
        useUp();
        assertThat(limiter.acquire(CLIENT, 0, Duration.ZERO).allowed()).isTrue();
    }

    @Test
    void acquire_withListeners_tellsThemTheLastDecisionAlone() throws Exception {
        useUp();

        RateLimitDecision decision = limiter.acquire(CLIENT, 1, Duration.ofMinutes(1));

        assertThat(heard).containsExactly(decision);
        assertThat(latencies).containsExactly(Duration.ZERO);
    }

    @Test
    void acquire_interrupted_takesNoToken() {
        RateLimiter really = limiter(Patience::pause);
        really.tryAcquire(CLIENT, 12);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> really.acquire(CLIENT, 1, Duration.ofDays(1)))
                .isInstanceOf(InterruptedException.class);

        ticker.advance(SIX_SECONDS);
        assertThat(really.peek(CLIENT).remaining()).isEqualTo(1);
    }

    @Test
    void acquire_interruptedButTokensAreThere_isAllowed() throws Exception {
        Thread.currentThread().interrupt();

        assertThat(limiter.acquire(CLIENT, 1, Duration.ZERO).allowed()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void acquire_impossibleWait_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter.acquire(CLIENT, 1, Duration.ofSeconds(-1)))
                .withMessage(
                        "Longest wait for tokens is PT-1S, must be 0 or more. Use Duration.ZERO, or tryAcquire, not to"
                                + " wait.");
        assertThatNullPointerException()
                .isThrownBy(() -> limiter.acquire(CLIENT, 1, null))
                .withMessage("Longest wait for tokens is null. Use Duration.ZERO not to wait.");
    }
}
