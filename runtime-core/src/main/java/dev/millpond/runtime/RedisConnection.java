package dev.millpond.runtime;

import dev.millpond.runtime.internal.GuardedConnection;
import dev.millpond.runtime.internal.RedissonPresence;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import org.redisson.api.RedissonClient;

/**
 * A Redis connection that every cache registry and rate limiter of an application shares.
 *
 * <p>Making one never waits and never fails because Redis is away: a background thread loads the client of a URL and
 * connects, and connects again after each loss. It asks Redis twice a second whether it is there: a loss is known after
 * 5 failed calls in a row, or without any call within 2 s; a return within about a second. One that answers, but takes
 * 100 ms or more for most calls and for the question itself, counts as away after two such questions, or after one and
 * 5 failed calls in a row, until it answers sooner. At the start, only the third failure in a row is logged.
 * Thread-safe.
 *
 * <p>Close it after the registries and limiters that use it, also when the application fails to start: its own thread
 * is a daemon, but those of Redisson and Netty are not, so a process does not end while a connection is open that it
 * made. The last of them ends about 3 s after {@link #close()} has returned.
 */
public interface RedisConnection extends AutoCloseable {

    /**
     * Connects to one Redis server with settings that bound every wait.
     *
     * @param url for example {@code redis://localhost:6379} or {@code rediss://user:password@cache.example:6380/2}
     * @throws IllegalArgumentException if the URL has no {@code redis} or {@code rediss} scheme, no host or no port, or
     *     has a part that no Redis URL has
     * @throws IllegalStateException if Redisson is not on the class path
     */
    static RedisConnection to(String url) {
        RedisUrl checked = RedisUrl.parse(url);
        RedissonPresence.require();
        return GuardedConnection.start(checked);
    }

    /**
     * Connects as a Redisson configuration file says: to a cluster, through Sentinel, with TLS key stores and so on.
     *
     * <p>Settings that have Redisson's default values are replaced by ones that bound every wait: timeout 250 ms, no
     * retries, connect timeout, subscription timeout and ping interval 1 s, reconnection after at most 500 ms, 2
     * threads and one of Netty, 4 to 16 connections per master, at most 4 for subscriptions, a look for new masters of
     * a cluster every second. Other values stay as given; keep {@code retryAttempts} at 0, since a retried script may
     * charge a rate limit twice. The client is always lazy, always reads from masters, and knows no references to
     * Redisson's objects ({@code referenceEnabled} is false), for which it would look up the type of every argument.
     *
     * <p>On one thread of Netty, calls of many threads are put together with the least work. Give the file more
     * {@code nettyThreads} if a process keeps that one busy, for example by many connections with TLS or values of 100
     * KB; 32, which is Redisson's default, counts as not given.
     *
     * @param yaml the content of the file, from a trusted source: Redisson's format can name classes to create
     * @throws IllegalArgumentException if the content is not a Redisson configuration; the message does not quote it
     * @throws IllegalStateException if Redisson is not on the class path
     */
    static RedisConnection ofYaml(String yaml) {
        RedissonPresence.require();
        return GuardedConnection.start(yaml);
    }

    /**
     * Uses a client that the application made; {@link #close()} leaves it open.
     *
     * <p>Redisson's defaults let one command wait for 20 s. Give the client a timeout of at most 250 ms, no retries and
     * {@code ReadMode.MASTER}; without references ({@code setReferenceEnabled(false)}) it needs less for each call.
     *
     * @param client stays in use until this connection is closed
     * @throws IllegalArgumentException if it is for several servers and reads from replicas, as is Redisson's default
     */
    static RedisConnection of(RedissonClient client) {
        return GuardedConnection.start(client);
    }

    /** Returns the guarded way to issue commands, for whoever builds on this connection. */
    RedisGuard guard();

    /** Tells whether Redis answers at the moment, as far as is known; never waits. */
    default boolean available() {
        return guard().available();
    }

    /** Returns what this process has seen of Redis so far; never waits. */
    RedisStats stats();

    /**
     * Waits until Redis answers.
     *
     * @param maxWait zero or less asks without waiting
     * @return false if it did not answer within the time, or the thread was interrupted (and still is)
     */
    boolean awaitAvailable(Duration maxWait);

    /**
     * Stops the background thread and closes the client if this connection made it; takes at most about 3 s.
     *
     * <p>Calls fail from then on as they do when Redis is away. Closing again does nothing.
     */
    @Override
    void close();
}
