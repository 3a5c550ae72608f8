package dev.millpond.cache.internal.redis;

import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.MessageListener;
import org.redisson.client.codec.StringCodec;

/**
 * The channel of a log, on a connection that outlives it; thread-safe.
 *
 * <p>Once closed it passes nothing on and holds on to no listener, whether or not the connection has let go of it yet.
 */
final class LogChannel implements AutoCloseable {

    private static final int NOBODY = -1;

    private final RedisGuard redis;
    private final String name;
    private final Duration budget;
    private volatile @Nullable Consumer<String> listener;
    private @Nullable CompletableFuture<Integer> subscription;
    private boolean closed;

    LogChannel(RedisGuard redis, String name, Duration budget) {
        this.redis = redis;
        this.name = name;
        this.budget = budget;
    }

    /**
     * Passes messages on, if it does not yet.
     *
     * @throws dev.millpond.runtime.spi.RedisUnavailableException if it is not known yet whether it does
     */
    void subscribe(Consumer<String> newListener) {
        if (!listening(newListener)) {
            UninterruptedCalls.call(redis, budget, client -> attempt(client).copy());
        }
    }

    private synchronized boolean listening(Consumer<String> newListener) {
        listener = closed ? null : newListener;
        CompletableFuture<Integer> last = subscription;
        return closed || (last != null && last.isDone() && !last.isCompletedExceptionally());
    }

    /** One that took too long may still succeed, so there is no second one beside it. */
    private synchronized CompletableFuture<Integer> attempt(RedissonClient client) {
        CompletableFuture<Integer> last = subscription;
        if (closed) {
            return CompletableFuture.completedFuture(NOBODY);
        }
        if (last != null && !last.isCompletedExceptionally()) {
            return last;
        }
        MessageListener<String> passingOn = (channel, message) -> passOn(message);
        CompletableFuture<Integer> next =
                topic(client).addListenerAsync(String.class, passingOn).toCompletableFuture();
        subscription = next;
        return next;
    }

    private void passOn(String message) {
        Consumer<String> listening = listener;
        if (listening != null) {
            listening.accept(message);
        }
    }

    /** Lets go of the listener at once, and of the channel as soon as Redis is there. */
    @Override
    public void close() {
        CompletableFuture<Integer> last = end();
        if (last != null) {
            // One that failed has left nothing behind.
            var unused = last.thenAccept(this::remove);
        }
    }

    private synchronized @Nullable CompletableFuture<Integer> end() {
        closed = true;
        listener = null;
        CompletableFuture<Integer> last = subscription;
        subscription = null;
        return last;
    }

    private void remove(Integer id) {
        var unused = removal(id).whenComplete((removed, failure) -> {
            if (failure != null) {
                removeWhenAvailable(id);
            }
        });
    }

    private void removeWhenAvailable(Integer id) {
        CompletableFuture<Registration> registration = new CompletableFuture<>();
        registration.complete(redis.onAvailable(() -> {
            var unused = removal(id).thenAcceptBoth(registration, (removed, done) -> done.close());
        }));
    }

    private CompletionStage<Void> removal(Integer id) {
        return redis.callAsync(budget, client -> topic(client).removeListenerAsync(id));
    }

    private RTopic topic(RedissonClient client) {
        return client.getTopic(name, StringCodec.INSTANCE);
    }
}
