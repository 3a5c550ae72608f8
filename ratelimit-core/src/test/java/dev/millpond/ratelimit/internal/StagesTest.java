package dev.millpond.ratelimit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StagesTest {

    @Test
    void nowOrNull_stageThatDoesNotSay_isNull() {
        assertThat(Stages.<String>nowOrNull(CompletableFuture.completedStage("there")))
                .isNull();
    }

    @Test
    void awaited_stageThatDoesNotSay_isThere() {
        assertThat(Stages.nowOrNull(Stages.awaited(CompletableFuture.completedStage("there"))))
                .isEqualTo("there");
    }

    @Test
    void awaited_failed_hasTheFailure() {
        RuntimeException failure = new IllegalStateException("away");
        CompletionStage<String> awaited = Stages.awaited(CompletableFuture.failedStage(failure));

        assertThat(awaited.toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isSameAs(failure);
    }

    @Test
    void awaited_cancelled_staysCancelled() {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);

        assertThat(Stages.awaited(cancelled).toCompletableFuture()).isCancelled();
    }

    @Test
    void awaited_answerOfAnotherThread_waitsForIt() throws Exception {
        CompletableFuture<String> open = new CompletableFuture<>();
        Thread answering = OnceWaiting.thread(Thread.currentThread(), () -> open.complete("there"));
        answering.start();

        assertThat(Stages.nowOrNull(Stages.awaited(open.minimalCompletionStage())))
                .isEqualTo("there");
        answering.join();
    }
}
