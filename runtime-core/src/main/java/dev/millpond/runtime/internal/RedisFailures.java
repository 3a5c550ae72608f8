package dev.millpond.runtime.internal;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisReconnectedException;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.RedisRetryException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;

/** Tells a Redis that is away from one that is healthy and answers a command with an error. */
final class RedisFailures {

    /** {@link RedisRetryException} covers LOADING, BUSY, CLUSTERDOWN, MASTERDOWN, TRYAGAIN and NOREPLICAS. */
    private static final Set<Class<? extends Throwable>> AWAY = Set.of(
            TimeoutException.class,
            IOException.class,
            RedisTimeoutException.class,
            RedisConnectionException.class,
            RedisReconnectedException.class,
            RedisRetryException.class,
            RedisReadonlyException.class,
            RedisOutOfMemoryException.class,
            RedisNodeNotFoundException.class,
            RedisAuthRequiredException.class,
            RedisWrongPasswordException.class,
            RedissonShutdownException.class);

    private RedisFailures() {}

    static boolean meanAway(Throwable failure) {
        return decisive(failure) != null;
    }

    /** Tells whether the failure is an error that Redis itself answered, such as WRONGTYPE, and so a proof of life. */
    static boolean isAnswer(Throwable failure) {
        return failure instanceof RedisException && !meanAway(failure);
    }

    /** Tells whether Redis has not run a command: its script is not known by its digest, or its key has moved. */
    static boolean meanNotRun(Throwable failure) {
        Throwable answer = unwrapped(failure);
        return answer instanceof RedisNoScriptException || answer instanceof RedisRedirectException;
    }

    /** Returns the type of the exception that says most, for a message: the texts of the client name keys. */
    static String type(Throwable failure) {
        Throwable decisive = decisive(failure);
        return (decisive == null ? failure : decisive).getClass().getSimpleName();
    }

    /** Returns what a future failed with. */
    static Throwable unwrapped(Throwable thrown) {
        boolean wrapper = thrown instanceof ExecutionException || thrown instanceof CompletionException;
        Throwable cause = thrown.getCause();
        return wrapper && cause != null ? cause : thrown;
    }

    private static @Nullable Throwable decisive(Throwable failure) {
        for (@Nullable Throwable link = failure; link != null; link = link.getCause()) {
            if (isAway(link)) {
                return link;
            }
        }
        return null;
    }

    private static boolean isAway(Throwable failure) {
        return AWAY.stream().anyMatch(type -> type.isInstance(failure));
    }
}
