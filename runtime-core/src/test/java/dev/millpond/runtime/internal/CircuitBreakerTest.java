package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.client.RedisException;

@Timeout(30)
final class CircuitBreakerTest {

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
            assertThat(breaker.probeAnswered()).isTrue();
            assertThat(breaker.probeAnswered()).isFalse();
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

    @Test
    void probeFailed_twice_opensAndSaysSo() {
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.probeAnswered();
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
        breaker.probeAnswered();
        fail(4);
        breaker.succeeded(ticker.read());
        fail(4);

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void failed_callsThatBeganBeforeTheOutageEnded_leaveItClosed() {
        breaker.probeAnswered();
        long before = ticker.read();
        ticker.advance(Duration.ofMillis(250));
        fail(5);
        ticker.advance(Duration.ofMillis(500));
        breaker.probeAnswered();

        for (int i = 0; i < 100; i++) {
            breaker.failed(before, timeout);
        }

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void awaitClosed_probeAnswersMeanwhile_returnsTrue() {
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> breaker.awaitClosed(Duration.ofHours(1)));

        breaker.probeAnswered();

        assertThat(waiting.join()).isTrue();
    }

    @Test
    void awaitClosed_longestTime_doesNotOverflow() {
        breaker.probeAnswered();
        assertThat(breaker.awaitClosed(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();

        breaker.open();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> breaker.awaitClosed(Duration.ofSeconds(Long.MAX_VALUE)));
        breaker.probeAnswered();
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
        breaker.probeAnswered();
        try (RecordedLog log = new RecordedLog(CircuitBreaker.class)) {
            breaker.open();

            assertThat(breaker.closed()).isFalse();
            assertThat(log.lines()).isEmpty();
        }
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(ticker.read(), timeout);
        }
    }
}
