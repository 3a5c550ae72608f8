package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.RedisUrl;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/** A Redisson client, the breaker in front of it, and the monitor that keeps the breaker up to date. */
public final class GuardedConnection implements RedisConnection {

    /** Nothing is ever stored under it: an answer is all that a probe wants. */
    private static final String PROBE_KEY = "millpond:probe";

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final MadeOnce<RedissonClient> client;
    private final boolean ownsClient;
    private final CircuitBreaker breaker;
    private final AvailabilityMonitor monitor;
    private final Timeouts limits = new Timeouts(TimeoutThread.start(), Ticker.systemTicker());
    private final CallGuard guard;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GuardedConnection(
            String name, MadeOnce<RedissonClient> client, boolean ownsClient, Duration probeInterval) {
        this.client = client;
        this.ownsClient = ownsClient;
        Ticker ticker = Ticker.systemTicker();
        this.breaker = new CircuitBreaker(name, ticker);
        this.monitor = new AvailabilityMonitor(
                name,
                breaker,
                ticker,
                () -> client.get().getBucket(PROBE_KEY, ByteArrayCodec.INSTANCE).getAsync(),
                probeInterval);
        this.guard = new CallGuard(client, breaker, ticker, limits, monitor::onAvailable);
    }

    /** Connects to one server. */
    public static RedisConnection start(RedisUrl url) {
        return start(url, AvailabilityMonitor.INTERVAL);
    }

    static RedisConnection start(RedisUrl url, Duration probeInterval) {
        return start("Redis at " + url, new MadeOnce<>(() -> RedisClients.create(url)), true, probeInterval);
    }

    /** Connects as a Redisson configuration file says. */
    public static RedisConnection start(String yaml) {
        MadeOnce<RedissonClient> client = new MadeOnce<>(() -> RedisClients.create(yaml));
        client.get(); // at once: it may refuse what the file says
        return start("Redis", client, true, AvailabilityMonitor.INTERVAL);
    }

    /** Uses a client of the application. */
    public static RedisConnection start(RedissonClient client) {
        SafeSettings.requireReadsFromMasters(client.getConfig());
        return start("Redis", new MadeOnce<>(() -> client), false, AvailabilityMonitor.INTERVAL);
    }

    private static RedisConnection start(
            String name, MadeOnce<RedissonClient> client, boolean ownsClient, Duration probeInterval) {
        GuardedConnection connection = new GuardedConnection(name, client, ownsClient, probeInterval);
        // A client is a thousand classes, and an application that starts need not wait for them.
        connection.monitor.start(client::get);
        return connection;
    }

    @Override
    public RedisGuard guard() {
        return guard;
    }

    @Override
    public boolean awaitAvailable(Duration maxWait) {
        return breaker.awaitClosed(maxWait);
    }

    @Override
    public RedisStats stats() {
        // Before the first answer, reading the pools would connect and wait for it.
        return breaker.stats(
                guard.stats(), breaker.closedOnce() ? ConnectionPools.read(client.get()) : Optional.empty());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        monitor.close();
        breaker.open();
        guard.close();
        limits.endThread();
        if (ownsClient) {
            client.end(made -> made.shutdown(0, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        }
    }
}
