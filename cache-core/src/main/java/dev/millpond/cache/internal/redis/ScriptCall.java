package dev.millpond.cache.internal.redis;

import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RScriptAsync;

/**
 * One call of a script, to be sent alone or in a batch.
 *
 * @param <T> the type of its answer
 */
@FunctionalInterface
interface ScriptCall<T extends @Nullable Object> {

    RFuture<T> on(RScriptAsync script);
}
