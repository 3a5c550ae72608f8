package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitersTest {

    private static final long LONG = TimeUnit.MINUTES.toNanos(5);

    private final Waiters waiters = new Waiters();

    @Test
    void pause_woken_returnsBeforeItsEnd() {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> waiters.pause("a", LONG));
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> waiters.pause("a", LONG));
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> waiters.pause("b", LONG));

        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            waiters.wake("a");
            return first.isDone() && second.isDone();
        });

        assertThat(other).isNotDone();
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            waiters.wake("b");
            return other.isDone();
        });
    }

    @Test
    void pause_notWoken_endsByItself() {
        waiters.pause("a", 1_000_000);

        assertThat(waiters.size()).isZero();
    }

    @Test
    void pause_interrupted_returnsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        waiters.pause("a", LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(waiters.size()).isZero();
    }

    @Test
    void wake_nobodyWaits_isForgotten() {
        waiters.wake("a");

        assertThat(waiters.size()).isZero();
    }
}
