package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.KeyCommands;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RScriptAsync;

/**
 * One call of a script on one key, to be sent for itself or in a batch with others.
 *
 * @param <T> the type of its answer
 */
sealed interface ScriptCall<T extends @Nullable Object> permits BytesCall, LongCall {

    /** Sends it for itself. */
    CompletionStage<T> on(KeyCommands commands);

    /** Sends it with a batch. */
    RFuture<T> on(RScriptAsync batch);
}
