package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.RedisRetryException;

/**
 * A command and its answer; thread-safe.
 *
 * @param <T> the type of the answer
 */
final class GroupedCall<T extends @Nullable Object> {

    private final Function<KeyCommands, CompletionStage<T>> command;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private volatile boolean scriptForgotten;

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

    /** Sends the command alone. */
    void send(KeyCommands alone) {
        var unused = on(alone).whenComplete(this::end);
    }

    /** Adds the command to a batch, whose end is to be told. */
    void add(KeyCommands batch) {
        var unused = on(batch).whenComplete((value, failure) -> {
            if (failure != null && RedisFailures.unwrapped(failure) instanceof RedisNoScriptException) {
                scriptForgotten = true;
            } else {
                end(value, failure);
            }
        });
    }

    /**
     * Learns that the batch has ended.
     *
     * <p>Redisson loads a script that Redis has forgotten for a call alone, and leaves a command of a batch without an
     * answer that it would have sent again.
     */
    void batchEnded(KeyCommands alone, @Nullable Throwable failure) {
        if (!awaited()) {
            return;
        }
        if (scriptForgotten) {
            send(alone);
        } else if (failure != null) {
            answer.completeExceptionally(ownFailure(RedisFailures.unwrapped(failure)));
        }
    }

    private static Throwable ownFailure(Throwable failure) {
        return Stream.concat(Stream.of(failure), Arrays.stream(failure.getSuppressed()))
                .filter(RedisRetryException.class::isInstance)
                .findFirst()
                .orElse(failure);
    }

    /** Issues the command; once nobody waits for it any more, the client need not send it. */
    private CompletionStage<T> on(KeyCommands commands) {
        try {
            CompletionStage<T> issued = Objects.requireNonNull(command.apply(commands), "A command returned null.");
            var unused = answer.whenComplete((value, failure) -> {
                if (answer.isCancelled()) {
                    issued.toCompletableFuture().cancel(true);
                }
            });
            return issued;
        } catch (Throwable e) { // an error too must be the answer: somebody waits for it
            return CompletableFuture.failedStage(e);
        }
    }

    private void end(T value, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(RedisFailures.unwrapped(failure));
        }
    }
}
