package dev.millpond.ratelimit.internal.nodes;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.internal.nodes.CountedNodes.Count;
import dev.millpond.runtime.spi.RecurringTrouble;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import dev.millpond.runtime.spi.Upkeep;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the nodes that are alive: each says so in Redis when Redis becomes available, and once a second from then on.
 *
 * <p>A node that is closed is no longer counted a second later, one that just ends after {@link CountedNodes#LIFE} and
 * a second. While Redis is away, or what is stored is no such count, the last count stays.
 */
public final class LiveNodes implements NodeCount {

    private static final Logger log = LoggerFactory.getLogger(LiveNodes.class);

    private final NodesInRedis redis;
    private final Ticker ticker;
    private final Duration longestFarewell;
    private final String node = UUID.randomUUID().toString();
    private final CountedNodes counted = new CountedNodes();
    private final RecurringTrouble trouble = new RecurringTrouble();
    private final Upkeep.Task beats;
    private final Registration returnsOfRedis;
    private CompletableFuture<?> lastBeat = CompletableFuture.completedFuture(null);
    private boolean closed;

    /**
     * Begins to count.
     *
     * @param key of the nodes
     * @param upkeep beats once a second
     * @param longestFarewell how long to wait for Redis when this is closed
     */
    public LiveNodes(RedisGuard guard, String key, Upkeep upkeep, Duration longestFarewell) {
        this(new NodesKey(guard, key), guard, upkeep, longestFarewell, Ticker.systemTicker());
    }

    LiveNodes(NodesInRedis redis, RedisGuard guard, Upkeep upkeep, Duration longestFarewell, Ticker ticker) {
        this.redis = redis;
        this.ticker = ticker;
        this.longestFarewell = longestFarewell;
        this.beats = upkeep.everySecond(this::beat);
        this.returnsOfRedis = guard.onAvailable(this::beat);
    }

    @Override
    public int nodes() {
        return counted.nodes();
    }

    /** One at a time: a beat that came after the farewell would bring this node back. */
    private synchronized void beat() {
        if (!closed && lastBeat.isDone()) {
            lastBeat = redis.beat(node).handle(this::answered).toCompletableFuture();
        }
    }

    private @Nullable Void answered(@Nullable Count count, @Nullable Throwable failure) {
        if (count != null) {
            counted.counted(count, ticker.read());
            trouble.over();
        } else if (failure != null) {
            trouble.toTell(failure)
                    .ifPresent(text -> log.warn(
                            "Live nodes under '{}' cannot be counted; the last number, {}, stays. {}",
                            redis,
                            nodes(),
                            text));
        }
        return null;
    }

    @Override
    public void close() {
        returnsOfRedis.close();
        beats.close();
        try {
            farewell().get(longestFarewell.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("Redis was not told that a node has left; it notices after {}.", CountedNodes.LIFE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized CompletableFuture<?> farewell() {
        if (!closed) {
            closed = true;
            lastBeat = lastBeat.thenCompose(answered -> redis.leave(node));
        }
        return lastBeat;
    }
}
