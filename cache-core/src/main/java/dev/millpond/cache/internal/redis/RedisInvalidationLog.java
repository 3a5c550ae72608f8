package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.runtime.spi.DaemonThreads;
import dev.millpond.runtime.spi.NetworkThreads;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
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
import java.util.function.ToLongFunction;
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
    private final LogTroubles troubles;
    private final Releases releases;
    private final ScheduledExecutorService poller;
    private final PendingInvalidations pending = new PendingInvalidations();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable LogReader reader;
    private @Nullable Registration returnsOfRedis;
    private volatile boolean ended;

    RedisInvalidationLog(
            RedisGuard redis,
            LogClient client,
            Ticker ticker,
            Duration pollInterval,
            String namespace,
            Releases releases) {
        this.redis = redis;
        this.client = client;
        this.releases = releases;
        this.ticker = ticker;
        this.pollInterval = pollInterval;
        this.troubles = new LogTroubles(namespace, pollInterval);
        this.poller =
                Executors.newSingleThreadScheduledExecutor(new DaemonThreads("millpond-invalidations-" + namespace));
    }

    @Override
    public void start(Follower follower) {
        reader = new LogReader(client, follower, ticker, pending::isEmpty);
        // A failed poll is logged by catchUp, which never throws: there is nothing to learn from the future.
        var unused = poller.scheduleWithFixedDelay(this::catchUp, 0, pollInterval.toMillis(), TimeUnit.MILLISECONDS);
        returnsOfRedis = redis.onAvailable(this::wakePoller);
    }

    @Override
    public long append(Collection<String> names) {
        return append(Parts.of(List.copyOf(names)), reader()::append);
    }

    @Override
    public long appendPut(Collection<String> names) {
        return append(List.of(List.copyOf(names)), reader()::appendPut);
    }

    private long append(List<List<String>> parts, ToLongFunction<List<String>> record) {
        long last = -1;
        for (int i = 0; i < parts.size(); i++) {
            try {
                NetworkThreads.refuseToWait();
                last = record.applyAsLong(parts.get(i));
            } catch (RedisUnavailableException e) {
                // The other parts would only wait as long again.
                keep(parts.subList(i, parts.size()), e);
                return -1;
            }
        }
        return last;
    }

    @Override
    public Check check() {
        Check check = reader().check();
        return () -> {
            try {
                return check.passed();
            } catch (RuntimeException e) {
                log.debug("The invalidation log does not say how far it is; the read goes on without it.", e);
                return false;
            }
        };
    }

    @Override
    public Progress progress() {
        return new Progress(reader().lag(), reader().gaps(), pending.size());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (returnsOfRedis != null) {
            returnsOfRedis.close();
        }
        poller.shutdownNow();
        sendLast();
        client.unsubscribe();
    }

    private void sendLast() {
        try {
            sendPending();
        } catch (RedisUnavailableException e) {
            log.debug("What invalidations wait cannot be sent any more.", e);
        }
        // Before the count: whatever is kept from now on is in it, or reported by who keeps it.
        ended = true;
        troubles.ended(pending.size());
    }

    private void sendPending() {
        pending.drain(reader()::append, client::startOver);
    }

    private void keep(List<List<String>> parts, RedisUnavailableException failure) {
        boolean first = reader().distrust(() -> pending.addAll(parts));
        if (ended) {
            troubles.losing(failure);
        } else if (first) {
            troubles.keeping(failure);
        }
        if (NetworkThreads.areCalling()) { // Redis is there, and need not come back first
            wakePoller();
        }
    }

    private void catchUp() {
        if (closed.get() || !redis.available()) {
            return;
        }
        try {
            listen();
            sendPending();
            reader().catchUp();
            troubles.readable();
        } catch (Throwable e) { // else there would be no further poll, and nobody would know
            report(e);
        }
    }

    /** The channel is only the faster way: a node that may not listen goes by its polls. */
    private void listen() {
        try {
            client.subscribe(this::onMessage);
        } catch (RedisUnavailableException e) {
            if (!closed.get()) {
                troubles.deaf(e);
            }
        }
    }

    /** A Redis that is away is not this log's to report, nor is what fails because it ends. */
    private void report(Throwable failure) {
        log.debug("The invalidation log cannot be read; the next poll tries again.", failure);
        if (!closed.get() && redis.available()) {
            troubles.unreadable(failure);
        }
    }

    private void onMessage(String message) {
        if (releases.accept(message)) {
            return;
        }
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
        if (!closed.get() && woken.compareAndSet(false, true)) {
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
