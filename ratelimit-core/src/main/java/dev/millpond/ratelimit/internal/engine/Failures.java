package dev.millpond.ratelimit.internal.engine;

import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Looks through what futures and the connection wrap around a failure. */
public final class Failures {

    private Failures() {}

    /** Returns what failed; null if that is only that Redis is away or gave no answer, which the connection reports. */
    public static @Nullable Throwable cause(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException
                || cause instanceof ExecutionException
                || cause instanceof RedisUnavailableException) {
            if (cause instanceof RedisUnavailableException redis && redis.away()) {
                return null;
            }
            cause = cause.getCause();
        }
        return cause;
    }
}
