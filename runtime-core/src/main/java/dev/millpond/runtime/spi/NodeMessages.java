package dev.millpond.runtime.spi;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.StringCodec;

/**
 * Tells all nodes what happened on one of them, in a few words.
 *
 * <p>A message may be lost, above all together with a connection: so when this node listens again, it is told that
 * anything may have happened meanwhile. Who is not meant by a message ignores it.
 */
public final class NodeMessages implements AutoCloseable {

    /** Is told what other nodes say; thread-safe, and must not block. */
    public interface Hearer {

        /** Takes note of a message, from this node or another. */
        void heard(String message);

        /** Takes note that messages may have been missed. */
        void missedSome();
    }

    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final long PAUSE_BETWEEN_ATTEMPTS = Duration.ofSeconds(1).toNanos();

    private final RedisGuard guard;
    private final String channel;
    private final Hearer hearer;
    private final Ticker ticker;
    private final AtomicLong lastAttempt;
    private volatile Integer @Nullable [] subscription;
    private volatile boolean closed;

    /** Creates messages that nobody listens to yet. */
    public NodeMessages(RedisGuard guard, String channel, Hearer hearer, Ticker ticker) {
        this.guard = guard;
        this.channel = channel;
        this.hearer = hearer;
        this.ticker = ticker;
        this.lastAttempt = new AtomicLong(ticker.read() - PAUSE_BETWEEN_ATTEMPTS);
    }

    /** Tells whether this node would hear of other nodes; if not, it tries to listen, without waiting. */
    public boolean heard() {
        if (subscription != null) {
            return true;
        }
        long before = lastAttempt.get();
        long now = ticker.read();
        if (now - before >= PAUSE_BETWEEN_ATTEMPTS && lastAttempt.compareAndSet(before, now)) {
            subscribe();
        }
        return false;
    }

    private void subscribe() {
        guard.callAsync(BUDGET, this::listen).thenAccept(ids -> {
            subscription = ids;
            if (closed) {
                close();
            }
        });
    }

    private CompletionStage<Integer[]> listen(RedissonClient client) {
        return topic(client)
                .addListenerAsync(String.class, (name, message) -> hearer.heard(message))
                .thenCombine(topic(client).addListenerAsync(new Begin()), (messages, begins) ->
                        new Integer[] {messages, begins});
    }

    /** Tells all nodes, without waiting. */
    public void publish(String message) {
        guard.callAsync(BUDGET, client -> topic(client).publishAsync(message));
    }

    private RTopic topic(RedissonClient client) {
        return client.getTopic(channel, StringCodec.INSTANCE);
    }

    /** Stops listening, without waiting. */
    @Override
    public void close() {
        closed = true;
        Integer[] listening = subscription;
        if (listening != null) {
            guard.callAsync(BUDGET, client -> topic(client).removeListenerAsync(listening));
        }
    }

    /** Is told each time the subscription begins, also anew on another connection. */
    private final class Begin implements StatusListener {

        @Override
        public void onSubscribe(String name) {
            hearer.missedSome();
        }

        @Override
        public void onUnsubscribe(String name) {
            // What is lost from now on is forgotten when the subscription begins again.
        }
    }
}
