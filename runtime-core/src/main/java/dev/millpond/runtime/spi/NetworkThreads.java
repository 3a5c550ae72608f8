package dev.millpond.runtime.spi;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The threads that bring the answers of Redis: what waits there for one holds up all, and its own cannot come before it
 * has given up.
 */
public final class NetworkThreads {

    /** By this name Redisson knows them too. */
    private static final String PREFIX = "redisson-netty";

    private NetworkThreads() {}

    /**
     * Returns if the calling thread may wait for Redis.
     *
     * @throws RedisUnavailableException if it is one of these threads
     */
    public static void refuseToWait() {
        if (areCalling()) {
            throw new RedisUnavailableException("A call to Redis must not wait on thread '"
                    + Thread.currentThread().getName()
                    + "', which brings the answers. Go on with an asynchronous answer on a thread of your own:"
                    + " thenApplyAsync(function, executor).");
        }
    }

    /**
     * Waits until a stage has ended, unless the calling thread is one of these.
     *
     * @throws CompletionException if the stage failed
     */
    public static void awaitElsewhere(CompletionStage<?> stage) {
        if (!areCalling()) {
            stage.toCompletableFuture().join();
        }
    }

    /** Tells whether the calling thread is one of them. */
    public static boolean areCalling() {
        return Thread.currentThread().getName().startsWith(PREFIX);
    }
}
