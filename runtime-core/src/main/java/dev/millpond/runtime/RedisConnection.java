package dev.millpond.runtime;

import dev.millpond.runtime.internal.GuardedConnection;
import dev.millpond.runtime.spi.RedisGuard;
import java.time.Duration;
import org.redisson.api.RedissonClient;

/**
 * A Redis connection that every cache registry and rate limiter of an application shares.
 *
 * <p>Making one never waits and never fails because Redis is away: a background thread connects, and connects again
 * after each loss. Thread-safe. Close it after the registries and limiters that use it.
 */
public interface RedisConnection extends AutoCloseable {

    /**
     * Connects to one Redis server with settings that bound every wait.
     *
     * @param url for example {@code redis://localhost:6379} or {@code rediss://user:password@cache.example:6380/2}
     * @throws IllegalArgumentException if the URL has no {@code redis} or {@code rediss} scheme, or no host
     */
    static RedisConnection to(String url) {
        return GuardedConnection.start(RedisUrl.parse(url));
    }

    /**
     * Uses a client that the application made; {@link #close()} leaves it open.
     *
     * <p>Redisson's defaults let one command wait for 20 s. Give the client a timeout of at most 250 ms, no retries and
     * {@code ReadMode.MASTER}.
     */
    static RedisConnection of(RedissonClient client) {
        return GuardedConnection.start(client);
    }

    /** Returns the guarded way to issue commands. */
    RedisGuard guard();

    /** Tells whether Redis answers at the moment. */
    default boolean available() {
        return guard().available();
    }

    /**
     * Waits until Redis answers.
     *
     * @return false if it did not answer within the time
     */
    boolean awaitAvailable(Duration maxWait);

    /** Stops the background thread and closes the client if this connection made it. */
    @Override
    void close();
}
