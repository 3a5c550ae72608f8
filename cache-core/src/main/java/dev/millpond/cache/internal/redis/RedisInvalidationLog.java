package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The invalidations of all nodes of a namespace, in one sequence that Redis numbers.
 *
 * <p>The channel makes invalidations fast; the poll makes them certain. A poll proves that this node has applied
 * everything appended before it, and only that proof lets caches answer. An invalidation that cannot be appended makes
 * this node distrust all it has, is kept, and is appended before the next proof.
 */
final class RedisInvalidationLog implements InvalidationLog {

    private static final Logger log = LoggerFactory.getLogger(RedisInvalidationLog.class);

    private final RedisGuard redis;
    private final LogClient client;
    private final Ticker ticker;
    private final Duration pollInterval;
    private final ScheduledExecutorService poller;
    private final PendingInvalidations pending = new PendingInvalidations();
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable LogReader reader;
    private volatile boolean closed;

    RedisInvalidationLog(RedisGuard redis, LogClient client, Ticker ticker, Duration pollInterval, String namespace) {
        this.redis = redis;
        this.client = client;
        this.ticker = ticker;
        this.pollInterval = pollInterval;
        this.poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "millpond-invalidations-" + namespace);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void start(Follower follower) {
        reader = new LogReader(client, follower, ticker, pending::isEmpty);
        // A failed poll is logged by catchUp, which never throws: there is nothing to learn from the future.
        var unused = poller.scheduleWithFixedDelay(this::catchUp, 0, pollInterval.toMillis(), TimeUnit.MILLISECONDS);
        redis.onAvailable(this::wakePoller);
    }

    @Override
    public long append(Collection<String> names) {
        List<String> distinct = List.copyOf(names);
        try {
            LogRecord record = client.append(distinct).withNames(distinct);
            if (!reader().apply(record)) {
                reader().catchUp();
            }
            return record.sequence();
        } catch (RedisUnavailableException e) {
            keep(distinct, e);
            return -1;
        }
    }

    @Override
    public void close() {
        closed = true;
        poller.shutdownNow();
        client.unsubscribe();
    }

    private void keep(List<String> names, RedisUnavailableException failure) {
        boolean first = reader().distrust(() -> pending.add(names));
        if (first) {
            log.warn(
                    "An invalidation could not be sent to Redis. It is kept and sent later; until then this node's caches"
                            + " answer from their loaders.",
                    failure);
        }
    }

    private void catchUp() {
        if (closed || !redis.available()) {
            return;
        }
        try {
            client.subscribe(this::onMessage);
            pending.drain(names -> reader().apply(client.append(names).withNames(names)), client::startOver);
            reader().catchUp();
        } catch (RedisUnavailableException e) {
            log.debug("The invalidation log could not be read; the next poll tries again.", e);
        } catch (RuntimeException e) {
            log.warn("The invalidation log could not be read; the next poll tries again.", e);
        }
    }

    private void onMessage(String message) {
        try {
            if (!reader().apply(LogRecord.parse(message))) {
                wakePoller();
            }
        } catch (IllegalArgumentException e) {
            log.debug("A message on the invalidation channel is not an invalidation; it is ignored.", e);
        }
    }

    /** Has one more poll made; any number of calls before it begins are answered by it. */
    private void wakePoller() {
        if (!closed && woken.compareAndSet(false, true)) {
            try {
                poller.execute(() -> {
                    woken.set(false);
                    catchUp();
                });
            } catch (RejectedExecutionException e) {
                log.debug("The invalidation log was closed meanwhile.", e);
            }
        }
    }

    private LogReader reader() {
        return Objects.requireNonNull(reader, "start(...) comes first");
    }
}
