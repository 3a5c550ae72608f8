package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommand;
import dev.millpond.runtime.spi.KeyCommands;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    private final KeyCommand<T> command;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private volatile boolean sentAgain;

    GroupedCall(KeyCommand<T> command) {
        this.command = command;
    }

    /** Returns the answer; who has given up waiting cancels it. */
    CompletableFuture<T> answer() {
        return answer;
    }

    /** Tells whether somebody still waits for the answer. */
    boolean awaited() {
        return !answer.isDone();
    }

    /** Sends the command alone. */
    CompletionStage<?> send(KeyCommands alone) {
        return on(alone).whenComplete(this::end);
    }

    /** Adds the command to a batch; Redisson loads a script that Redis has forgotten for a single call only. */
    void add(KeyCommands batch, KeyCommands alone) {
        var unused = on(batch)
                .exceptionallyCompose(failure -> RedisFailures.unwrapped(failure) instanceof RedisNoScriptException
                        ? again(alone)
                        : CompletableFuture.failedStage(failure))
                .whenComplete(this::end);
    }

    private CompletionStage<T> again(KeyCommands alone) {
        sentAgain = true;
        return on(alone);
    }

    private CompletionStage<T> on(KeyCommands commands) {
        try {
            return command.on(commands);
        } catch (Throwable e) { // an error too must be the answer: somebody waits for it
            return CompletableFuture.failedStage(e);
        }
    }

    /** Ends a call of a batch that failed, which Redisson does not do for commands that it would have sent again. */
    void batchFailed(Throwable failure) {
        if (!sentAgain) {
            answer.completeExceptionally(causes(failure)
                    .filter(RedisRetryException.class::isInstance)
                    .findFirst()
                    .orElse(failure));
        }
    }

    private static Stream<Throwable> causes(Throwable failure) {
        Throwable cause = RedisFailures.unwrapped(failure);
        return Stream.concat(Stream.of(cause), Arrays.stream(cause.getSuppressed()));
    }

    private void end(T value, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(RedisFailures.unwrapped(failure));
        }
    }
}
