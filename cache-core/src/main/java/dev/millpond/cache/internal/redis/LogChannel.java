package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
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

    /** Longer than the client needs to find out by itself that an attempt has failed. */
    static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(10);

    private static final int NOBODY = -1;

    private final RedisGuard redis;
    private final String name;
    private final Duration budget;
    private final Ticker ticker;
    private volatile @Nullable Consumer<String> listener;
    private @Nullable CompletableFuture<Integer> subscription;
    private long begunAt;
    private boolean closed;

    LogChannel(RedisGuard redis, String name, Duration budget, Ticker ticker) {
        this.redis = redis;
        this.name = name;
        this.budget = budget;
        this.ticker = ticker;
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

    /**
     * Begins an attempt, unless the last one goes on: one that took too long may still succeed. One that never ends is
     * given up, or the node would hear nothing for the rest of its life.
     */
    private synchronized CompletableFuture<Integer> attempt(RedissonClient client) {
        CompletableFuture<Integer> last = subscription;
        if (closed) {
            return CompletableFuture.completedFuture(NOBODY);
        }
        if (last != null && !last.isCompletedExceptionally() && !overdue(last)) {
            return last;
        }
        MessageListener<String> passingOn = (channel, message) -> passOn(message);
        CompletableFuture<Integer> next =
                topic(client).addListenerAsync(String.class, passingOn).toCompletableFuture();
        if (last != null) {
            removeOnceThere(last);
        }
        subscription = next;
        begunAt = ticker.read();
        return next;
    }

    private boolean overdue(CompletableFuture<Integer> attempt) {
        return !attempt.isDone() && ticker.read() - begunAt >= LONGEST_ATTEMPT.toNanos();
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
            removeOnceThere(last);
        }
    }

    /** An attempt that failed has left nothing behind. */
    private void removeOnceThere(CompletableFuture<Integer> attempt) {
        var unused = attempt.thenAccept(this::remove);
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
