package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.RedisStats.State;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.client.RedisException;

@Timeout(30)
final class CircuitBreakerTest {

    private static final Duration QUICK = Duration.ofMillis(99);
    private static final Duration SLOW = Duration.ofMillis(100);

    private final TimeoutException timeout = new TimeoutException("GET secret-key");

    private final FakeTicker ticker = new FakeTicker();
    private final CircuitBreaker breaker = new CircuitBreaker("Redis at redis://pond:6379", ticker);

    @Test
    void closed_beforeTheFirstProbe_isFalse() {
        assertThat(breaker.closed()).isFalse();
        breaker.succeeded(ticker.read());
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void changes_manyCalls_logOneLineEach() {
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.probeFailed(timeout);
            assertThat(breaker.probeAnswered(QUICK)).isTrue();
            assertThat(breaker.probeAnswered(QUICK)).isFalse();
            for (int i = 0; i < 50; i++) {
                breaker.failed(ticker.read(), new RedisException("GET secret-key", new IOException("reset")));
            }

            assertThat(breaker.closed()).isFalse();
            assertThat(log.lines())
                    .containsExactly(
                            "INFO Redis at redis://pond:6379 answers.",
                            "WARN Redis at redis://pond:6379 is away: 5 calls in a row failed, the last with IOException."
                                    + " Going on without it until it answers.");
        }
    }

    /** As with a Redis without memory: reads, such as probes, are answered, and writes are not. */
    @Test
    void changes_twiceASecondForAnHour_logAFewLinesAMinute() {
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.probeAnswered(QUICK);
            for (int i = 0; i < 7_200; i++) {
                loseByCalls();
                ticker.advance(Duration.ofMillis(500));
                assertThat(breaker.probeAnswered(QUICK)).isTrue();
            }

            assertThat(log.lines()).hasSizeBetween(60, 400);
        }
    }

    @Test
    void probeAnswered_forLongAfterLossesThatWereNotLogged_saysThatItAnswers() {
        for (int i = 0; i < 10; i++) {
            breaker.probeAnswered(QUICK);
            loseByCalls();
        }
        breaker.probeAnswered(QUICK);
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            for (int i = 0; i < 60; i++) {
                ticker.advance(Duration.ofMillis(500));
                breaker.probeAnswered(QUICK);
            }

            assertThat(log.lines())
                    .containsExactly("INFO Redis at redis://pond:6379 answers, and has done so for 10 s."
                            + " Losses that were not logged: 7.");
        }
    }

    private void loseByCalls() {
        for (int i = 0; i < 5; i++) {
            ticker.advance(Duration.ofMillis(1));
            breaker.failed(ticker.read(), timeout);
        }
    }

    @Test
    void probeFailed_twice_opensAndSaysSo() {
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.probeAnswered(QUICK);
            breaker.probeFailed(timeout);
            assertThat(breaker.closed()).isTrue();
            breaker.probeFailed(timeout);

            assertThat(breaker.closed()).isFalse();
            assertThat(log.lines())
                    .contains("WARN Redis at redis://pond:6379 is away: 2 probes in a row failed, the last with"
                            + " TimeoutException. Going on without it until it answers.");
        }
    }

    @Test
    void succeeded_afterFourFailures_startsTheCountAnew() {
        breaker.probeAnswered(QUICK);
        fail(4);
        breaker.succeeded(ticker.read());
        fail(4);

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void failed_callsThatBeganBeforeTheOutageEnded_leaveItClosed() {
        breaker.probeAnswered(QUICK);
        long before = ticker.read();
        ticker.advance(Duration.ofMillis(250));
        fail(5);
        ticker.advance(Duration.ofMillis(500));
        breaker.probeAnswered(QUICK);

        for (int i = 0; i < 100; i++) {
            breaker.failed(before, timeout);
        }

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void awaitClosed_probeAnswersMeanwhile_returnsTrue() {
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> breaker.awaitClosed(Duration.ofHours(1)));

        breaker.probeAnswered(QUICK);

        assertThat(waiting.join()).isTrue();
    }

    @Test
    void awaitClosed_longestTime_doesNotOverflow() {
        breaker.probeAnswered(QUICK);
        assertThat(breaker.awaitClosed(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();

        breaker.open();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> breaker.awaitClosed(Duration.ofSeconds(Long.MAX_VALUE)));
        breaker.probeAnswered(QUICK);
        assertThat(waiting.join()).isTrue();
    }

    @Test
    void awaitClosed_timePasses_returnsFalse() {
        assertThat(new CircuitBreaker("Redis", System::nanoTime).awaitClosed(Duration.ofMillis(10)))
                .isFalse();
    }

    @Test
    void awaitClosed_interruptedThread_returnsFalseAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThat(breaker.awaitClosed(Duration.ofHours(1))).isFalse();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void open_closedBreaker_refusesInSilence() {
        breaker.probeAnswered(QUICK);
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.open();

            assertThat(breaker.closed()).isFalse();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void probeAnswered_slowTwiceAndSoAreHalfOfTheCalls_opensUntilOneIsQuick() {
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.probeAnswered(QUICK);
            succeed(SLOW, QUICK);
            breaker.probeAnswered(SLOW);
            assertThat(breaker.closed()).isTrue();
            succeed(QUICK, SLOW, SLOW);
            breaker.probeAnswered(SLOW);
            assertThat(breaker.closed()).isFalse();
            assertThat(breaker.probeAnswered(SLOW)).isFalse();

            assertThat(breaker.probeAnswered(QUICK)).isTrue();

            assertThat(log.lines())
                    .containsExactly(
                            "INFO Redis at redis://pond:6379 answers.",
                            "WARN Redis at redis://pond:6379 is slow: two probes in a row took 100 ms or more, and at"
                                    + " least half of the calls meanwhile did so or failed. Going on without it until a"
                                    + " probe takes less.",
                            "INFO Redis at redis://pond:6379 answers.");
        }
    }

    @Test
    void probeAnswered_slowButMostCallsAreNot_staysClosed() {
        breaker.probeAnswered(QUICK);
        for (int i = 0; i < 10; i++) {
            succeed(SLOW, QUICK, QUICK);
            breaker.probeAnswered(SLOW);
        }

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void probeAnswered_slowAndNobodyCalls_staysClosed() {
        breaker.probeAnswered(QUICK);
        for (int i = 0; i < 10; i++) {
            breaker.probeAnswered(SLOW);
        }

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void probeAnswered_slowAndFewCall_opensAllTheSame() {
        breaker.probeAnswered(QUICK);
        succeed(SLOW);
        breaker.probeAnswered(SLOW);
        breaker.probeAnswered(SLOW);
        assertThat(breaker.closed()).isTrue();
        succeed(SLOW);
        breaker.probeAnswered(SLOW);

        assertThat(breaker.closed()).isFalse();
    }

    /** Calls give up after 50 ms, so they open the breaker before two probes can. */
    @Test
    void probeAnswered_slowAndCallsGiveUpBefore_doesNotCloseAgainAndAgain() {
        int closings = 0;
        for (int i = 0; i < 40; i++) {
            ticker.advance(Duration.ofMillis(650));
            closings += breaker.probeAnswered(SLOW) ? 1 : 0;
            for (int call = 0; call < 5 && breaker.closed(); call++) {
                long startedAt = ticker.read();
                ticker.advance(Duration.ofMillis(50));
                breaker.failed(startedAt, timeout);
            }
        }

        assertThat(closings).isOne();
        assertThat(breaker.closed()).isFalse();
        assertThat(breaker.probeAnswered(QUICK)).isTrue();
    }

    @Test
    void probeAnswered_slowAfterAnOutage_closes() {
        breaker.probeAnswered(QUICK);
        for (int call = 0; call < 5; call++) {
            ticker.advance(QUICK);
            breaker.failed(ticker.read(), timeout);
        }
        breaker.probeFailed(timeout);

        assertThat(breaker.probeAnswered(SLOW)).isTrue();
    }

    @Test
    void probeAnswered_callsWereSlowBeforeTheLastProbe_staysClosed() {
        breaker.probeAnswered(QUICK);
        succeed(SLOW, SLOW, SLOW);
        breaker.probeAnswered(SLOW);
        succeed(QUICK);
        breaker.probeAnswered(SLOW);

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void probeAnswered_slowAndCallsFailedInTheirBudget_opens() {
        breaker.probeAnswered(QUICK);
        for (int i = 0; i < 2; i++) {
            fail(1);
            breaker.probeAnswered(SLOW);
        }

        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void stats_beforeTheFirstAnswer_tellsThatItConnects() {
        ticker.advance(SLOW);
        breaker.probeFailed(timeout);

        assertThat(stats().state()).isEqualTo(State.CONNECTING);
        assertThat(stats().available()).isFalse();
        assertThat(stats().stateAge()).isEqualTo(SLOW);
        assertThat(stats().losses()).isZero();
        assertThat(breaker.closedOnce()).isFalse();
    }

    @Test
    void stats_redisGoesAndComes_tellsSinceWhenAndCountsLosses() {
        ticker.advance(SLOW);
        breaker.probeAnswered(QUICK);
        ticker.advance(QUICK);
        assertThat(stats().state()).isEqualTo(State.AVAILABLE);
        assertThat(stats().available()).isTrue();
        assertThat(stats().stateAge()).isEqualTo(QUICK);

        fail(5);
        assertThat(stats().state()).isEqualTo(State.AWAY);
        assertThat(stats().stateAge()).isZero();
        assertThat(stats().losses()).isEqualTo(1);

        breaker.probeAnswered(QUICK);
        breaker.probeFailed(timeout);
        breaker.probeFailed(timeout);
        breaker.probeFailed(timeout);
        assertThat(stats().losses()).isEqualTo(2);
        assertThat(breaker.closedOnce()).isTrue();
    }

    @Test
    void stats_answersAreSlow_saysSoWhileTheyCome() {
        openBySlowCalls();
        assertThat(stats().state()).isEqualTo(State.SLOW);
        assertThat(stats().losses()).isEqualTo(1);

        breaker.probeFailed(timeout);
        breaker.probeFailed(timeout);

        assertThat(stats().state()).isEqualTo(State.AWAY);
        assertThat(stats().losses()).isEqualTo(1);
    }

    @Test
    void stats_afterTheEnd_isAwayAndCountsNoLoss() {
        breaker.probeAnswered(QUICK);
        breaker.open();

        assertThat(stats().state()).isEqualTo(State.AWAY);
        assertThat(stats().losses()).isZero();
    }

    @Test
    void slowCalls_probesInBetween_areCountedWithoutFailures() {
        breaker.probeAnswered(QUICK);
        succeed(SLOW, QUICK);
        fail(1);
        breaker.probeAnswered(QUICK);
        succeed(SLOW);

        assertThat(breaker.slowCalls()).isEqualTo(2);
    }

    private RedisStats stats() {
        return breaker.stats(new RedisStats.Calls(0, 0, 0, 0, 0, 0, 0, 0, 0), Optional.empty());
    }

    private void openBySlowCalls() {
        breaker.probeAnswered(QUICK);
        for (int i = 0; i < 2; i++) {
            succeed(SLOW);
            breaker.probeAnswered(SLOW);
        }
    }

    private void succeed(Duration... times) {
        for (Duration time : times) {
            long startedAt = ticker.read();
            ticker.advance(time);
            breaker.succeeded(startedAt);
        }
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(ticker.read(), timeout);
        }
    }
}
