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
    private final CompletableFuture<T> answer = new CompletableFuture<>();

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
        CompletableFuture<T> issued =
                Answers.to(() -> Objects.requireNonNull(command.apply(commands), "A command returned null."));
        var unusedCancel = answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                issued.cancel(true);
            }
        });
        var unusedEnd = issued.whenComplete((value, failure) -> Answers.end(answer, value, failure));
    }
}
