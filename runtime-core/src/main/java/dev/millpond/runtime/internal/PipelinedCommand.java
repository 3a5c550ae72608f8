package dev.millpond.runtime.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.RedisCommand;

/**
 * A command of one caller among those of others.
 *
 * @param <T> the type of the answer
 */
final class PipelinedCommand<T extends @Nullable Object> extends CommandData<Object, T> {

    private final CompletableFuture<T> answer;

    /**
     * Creates a command that is to be sent.
     *
     * @param command says how to read the answer
     * @param again issues it once more, if Redis has said that it did not run it
     */
    @SuppressWarnings("unchecked") // Redisson's constants say what they make of an answer, not what it was before.
    PipelinedCommand(RedisCommand<?> command, Object[] parameters, Supplier<CompletionStage<T>> again) {
        super(new CompletableFuture<>(), ByteArrayCodec.INSTANCE, (RedisCommand<Object>) command, parameters);
        this.answer = getPromise()
                .exceptionallyCompose(
                        failure -> hasNotRun(failure) ? again.get() : CompletableFuture.failedStage(failure));
    }

    private static boolean hasNotRun(Throwable failure) {
        return failure instanceof RedisRedirectException || RedisFailures.isForgottenScript(failure);
    }

    /** Returns the answer to the caller, who may cancel it. */
    CompletableFuture<T> answer() {
        return answer;
    }

    /** Redisson would tell the first caller whose command fails of the failures of all others. */
    @Override
    public boolean isSuccess() {
        return true;
    }
}
