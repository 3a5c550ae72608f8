package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private static final Duration QUICK = Duration.ofMillis(5);

    private final FakeTicker time = new FakeTicker();
    private final List<Duration> took = new ArrayList<>();

    @Test
    void run_roundsThatGetQuick_endsAfterSomeQuickOnesInARow() {
        run(300, 90, 4, 40, 5, 5, 4, 4, 5, 300);

        assertThat(took).hasSize(9);
    }

    @Test
    void run_quickFromTheBeginning_endsSoon() {
        run(1);

        assertThat(took).hasSize(WarmUp.QUICK_ROUNDS);
    }

    @Test
    void run_neverQuick_ends() {
        run(6);

        assertThat(took).hasSize(WarmUp.MOST_ROUNDS);
    }

    @Test
    void run_failingRound_endsWithItsFailure() {
        CompletionStage<Void> run =
                new WarmUp(QUICK, time).run(() -> CompletableFuture.failedStage(new IllegalStateException("away")));

        assertThat(run.toCompletableFuture()).completesExceptionallyWithin(Duration.ofSeconds(10));
    }

    /** Runs rounds that take these times; the last one again and again. */
    private void run(int... millis) {
        CompletionStage<Void> run = new WarmUp(QUICK, time).run(() -> {
            Duration next = Duration.ofMillis(millis[Math.min(took.size(), millis.length - 1)]);
            took.add(next);
            time.advance(next);
            return CompletableFuture.completedStage(null);
        });

        assertThat(run.toCompletableFuture()).isCompleted();
    }
}
