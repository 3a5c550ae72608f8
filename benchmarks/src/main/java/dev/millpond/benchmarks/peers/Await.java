package dev.millpond.benchmarks.peers;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what a library does in the background and does not report. */
public final class Await {

    private static final long PAUSE_NANOS = 200_000;
    private static final Ticker TICKER = Ticker.systemTicker();

    private Await() {}

    /** Waits until a condition holds; returns false if it did not within the limit. */
    public static boolean until(Duration limit, Callable<Boolean> condition) throws Exception {
        long deadline = TICKER.read() + limit.toNanos();
        while (!condition.call()) {
            if (TICKER.read() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /** Lets a time pass, for what gives no sign of its end. */
    public static void time(Duration time) throws Exception {
        until(time, () -> false);
    }
}
