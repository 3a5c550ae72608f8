package dev.millpond.ratelimit.internal.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Does something again and again until it is quick, so that those who wait for it later find it so.
 *
 * <p>How many rounds a new JVM needs depends on the machine and on what else is starting, so they are not counted in
 * advance.
 */
final class WarmUp {

    static final int QUICK_ROUNDS = 5;
    static final int MOST_ROUNDS = 100;

    private final Duration quick;
    private final Ticker ticker;

    /**
     * Creates a warm-up.
     *
     * @param quick a round is quick if it takes no longer
     * @param ticker elapsed time
     */
    WarmUp(Duration quick, Ticker ticker) {
        this.quick = quick;
        this.ticker = ticker;
    }

    /**
     * Runs rounds one after the other until some in a row were quick, or until there were many.
     *
     * @return completed after the last round, by its failure if it failed
     */
    CompletionStage<Void> run(Supplier<? extends CompletionStage<?>> round) {
        return next(round, new Progress(0, 0));
    }

    private CompletionStage<Void> next(Supplier<? extends CompletionStage<?>> round, Progress progress) {
        if (progress.ended()) {
            return CompletableFuture.completedStage(null);
        }
        long begunAt = ticker.read();
        return round.get()
                .thenCompose(done -> next(round, progress.after(Duration.ofNanos(ticker.read() - begunAt), quick)));
    }

    private record Progress(int rounds, int quickInARow) {

        Progress after(Duration round, Duration quick) {
            return new Progress(rounds + 1, round.compareTo(quick) <= 0 ? quickInARow + 1 : 0);
        }

        boolean ended() {
            return quickInARow == QUICK_ROUNDS || rounds == MOST_ROUNDS;
        }
    }
}
