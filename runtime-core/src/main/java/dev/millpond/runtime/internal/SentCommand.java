package dev.millpond.runtime.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.RedisCommand;

/**
 * A command of one caller.
 *
 * @param <T> the type of the answer
 */
final class SentCommand<T extends @Nullable Object> extends CommandData<Object, T> {

    private final Supplier<CompletionStage<T>> again;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    /**
     * Creates a command that is to be sent.
     *
     * @param command says how to read the answer
     * @param again issues it once more, if Redis has said that it did not run it
     */
    @SuppressWarnings("unchecked") // Redisson's constants say what they make of an answer, not what it was before.
    SentCommand(RedisCommand<?> command, Object[] parameters, Supplier<CompletionStage<T>> again) {
        super(new CompletableFuture<>(), ByteArrayCodec.INSTANCE, (RedisCommand<Object>) command, parameters);
        this.again = again;
    }

    /** Has the caller answered with what Redis says, unless that is that it did not run the command. */
    void passOn() {
        var unused =
                getPromise().whenComplete((value, failure) -> Answers.endOrAskAgain(answer, value, failure, again));
    }

    /** Issues it by Redisson. */
    CompletionStage<T> again() {
        return again.get();
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
