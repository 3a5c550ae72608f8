package dev.millpond.benchmarks.races;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.peers.Source;
import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A source that takes its time and counts its loads in Redis, for all processes together.
 *
 * @param redis where loads are counted
 * @param loadTime how long a load takes
 */
record SlowSource(RedisServer redis, Duration loadTime) implements Source {

    private static final Ticker TICKER = Ticker.systemTicker();

    @Override
    public String load(String key) {
        long end = TICKER.read() + loadTime.toNanos();
        redis.command("INCR", counter(key));
        for (long rest = loadTime.toNanos(); rest > 0; rest = end - TICKER.read()) {
            LockSupport.parkNanos(rest);
        }
        return key;
    }

    /** Returns how often a key was loaded. */
    int loads(String key) {
        Object count = redis.command("GET", counter(key));
        return count == null ? 0 : Integer.parseInt(count.toString());
    }

    private static String counter(String key) {
        return "loads:" + key;
    }
}
