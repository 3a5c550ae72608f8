package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseWaitTest {

    private final FakeTicker ticker = new FakeTicker();
    private final List<Long> pauses = new ArrayList<>();

    /** Sleeping takes just the time asked for. */
    private LeaseWait leaseWait(Duration leaseTime) {
        return new LeaseWait(leaseTime, ticker, (key, nanos) -> {
            pauses.add(nanos / 1_000_000);
            ticker.advance(Duration.ofNanos(nanos));
        });
    }

    @Test
    void pause_again_waitsLongerEachTimeUpToALimit() {
        LeaseWait.Turn turn = leaseWait(Duration.ofSeconds(10)).begin("a", null);

        for (int i = 0; i < 8; i++) {
            assertThat(turn.pause()).isTrue();
        }

        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 32L, 32L);
    }

    @Test
    void pause_leaseTimeOver_isRefusedWithoutWaiting() {
        LeaseWait.Turn turn = leaseWait(Duration.ofMillis(5)).begin("a", null);

        assertThat(turn.pause()).isTrue();
        assertThat(turn.pause()).isTrue();
        assertThat(turn.pause()).isTrue();
        assertThat(turn.pause()).isFalse();
        assertThat(turn.pause()).isFalse();

        assertThat(pauses).containsExactly(1L, 2L, 4L);
    }

    @Test
    void pause_wokenEarlyEachTime_stillEndsWithTheLeaseTime() {
        LeaseWait early =
                new LeaseWait(Duration.ofMillis(100), ticker, (key, nanos) -> ticker.advance(Duration.ofMillis(1)));
        LeaseWait.Turn turn = early.begin("a", null);
        int count = 0;
        while (turn.pause()) {
            count++;
        }

        assertThat(count).isEqualTo(100);
    }

    @Test
    void pause_interrupted_isRefusedAndStaysInterrupted() {
        LeaseWait.Turn turn = leaseWait(Duration.ofSeconds(10)).begin("a", null);
        Thread.currentThread().interrupt();

        assertThat(turn.pause()).isFalse();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(pauses).isEmpty();
    }

    @Test
    void isFirstSeen_sameTokenAtTheEnd_isTrue() {
        byte[] token = {'L', 1};
        LeaseWait.Turn turn = leaseWait(Duration.ofMillis(5)).begin("a", token);

        assertThat(turn.isFirstSeen(token.clone())).isFalse();
        ticker.advance(Duration.ofMillis(5));
        assertThat(turn.isFirstSeen(token.clone())).isTrue();
        assertThat(turn.isFirstSeen(new byte[] {'L', 2})).isFalse();
    }

    @Test
    void isFirstSeen_nothingSeenFirst_isFalse() {
        LeaseWait.Turn turn = leaseWait(Duration.ofMillis(5)).begin("a", null);
        ticker.advance(Duration.ofMillis(5));

        assertThat(turn.isFirstSeen(new byte[] {'L', 1})).isFalse();
    }

    @Test
    void announce_eachToken_isTrueOnce() {
        LeaseWait.Turn turn = leaseWait(Duration.ofSeconds(10)).begin("a", null);

        assertThat(turn.announce(new byte[] {'L', 1})).isTrue();
        assertThat(turn.announce(new byte[] {'L', 1})).isFalse();
        assertThat(turn.announce(new byte[] {'L', 2})).isTrue();
        assertThat(turn.announce(new byte[] {'L', 2})).isFalse();
    }

    /** Else a key that changes hands all the time would be waited for without end. */
    @Test
    void announce_leaseTimeOver_isFalse() {
        LeaseWait.Turn turn = leaseWait(Duration.ofMillis(5)).begin("a", null);
        ticker.advance(Duration.ofMillis(5));

        assertThat(turn.announce(new byte[] {'L', 1})).isFalse();
    }

    @Test
    void begin_again_hasADeadlineOfItsOwn() {
        LeaseWait leaseWait = leaseWait(Duration.ofMillis(5));
        LeaseWait.Turn first = leaseWait.begin("a", null);
        ticker.advance(Duration.ofMillis(4));
        LeaseWait.Turn second = leaseWait.begin("a", null);
        ticker.advance(Duration.ofMillis(1));

        assertThat(first.pause()).isFalse();
        assertThat(second.pause()).isTrue();
    }
}
