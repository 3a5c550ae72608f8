package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command and its answer; thread-safe.
 *
 * @param <T> the type of the answer
 */
final class GroupedCall<T extends @Nullable Object> {

    private final Function<KeyCommands, CompletionStage<T>> command;
    private final Answer answer = new Answer();
    private volatile @Nullable CompletableFuture<T> issued;

    GroupedCall(Function<KeyCommands, CompletionStage<T>> command) {
        this.command = command;
    }

    /** Returns the answer, which ends in any case: who has given up waiting cancels it. */
    CompletableFuture<T> answer() {
        return answer;
    }

    /** Tells whether somebody still waits for the answer. */
    boolean awaited() {
        return !answer.isDone();
    }

    /** Issues the command; a client that has not sent it yet need not, once nobody waits for it any more. */
    void issue(KeyCommands commands) {
        CompletableFuture<T> sent =
                Answers.to(() -> Objects.requireNonNull(command.apply(commands), "A command returned null."));
        issued = sent;
        if (answer.isCancelled()) {
            sent.cancel(true);
        }
        var unused = sent.whenComplete((value, failure) -> Answers.end(answer, value, failure));
    }

    /** Passes on that nobody waits for it. */
    private final class Answer extends CompletableFuture<T> {

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            CompletableFuture<T> sent = issued;
            if (cancelled && sent != null) {
                sent.cancel(mayInterruptIfRunning);
            }
            return cancelled;
        }
    }
}
