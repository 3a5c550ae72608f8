package dev.millpond.runtime.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers of the client: whoever waits for one is told of every end. */
final class Answers {

    private Answers() {}

    /** Returns the answer to a command; a command that throws has failed like any other. */
    static <T extends @Nullable Object> CompletableFuture<T> to(Supplier<CompletionStage<T>> command) {
        try {
            return command.get().toCompletableFuture();
        } catch (Throwable e) { // an error too must be the answer: somebody waits for it
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends an answer as another one ended. */
    @SuppressWarnings("NullAway") // Whoever may be answered with null has a future of that.
    static <T extends @Nullable Object> void end(
            CompletableFuture<T> answer, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(RedisFailures.unwrapped(failure));
        }
    }

    /**
     * Ends an answer as another one ended, or as a second call does if Redis has not run the first.
     *
     * @param again makes the second call, unless nobody waits for the answer any more
     */
    static <T extends @Nullable Object> void endOrAskAgain(
            CompletableFuture<T> answer,
            @Nullable T value,
            @Nullable Throwable failure,
            Supplier<CompletionStage<T>> again) {
        if (failure == null || answer.isDone() || !RedisFailures.meanNotRun(failure)) {
            end(answer, value, failure);
            return;
        }
        CompletableFuture<T> second = to(again);
        cancelWith(answer, second);
        var unused = second.whenComplete((known, thrown) -> end(answer, known, thrown));
    }

    /** Passes on that a caller has given up, to what was asked for him. */
    static void cancelWith(CompletableFuture<?> caller, CompletableFuture<?> asked) {
        var unused = caller.whenComplete((value, failure) -> {
            if (caller.isCancelled()) {
                asked.cancel(true);
            }
        });
    }
}
