package dev.millpond.runtime;

import dev.millpond.runtime.spi.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * For how long this process had no processor time when it wanted some: nothing can be quicker than that. Thread-safe.
 *
 * <p>A thread asks to be woken every few milliseconds, and is woken too late.
 */
public final class Standstills implements AutoCloseable {

    private static final long BEAT = Duration.ofMillis(5).toNanos();

    /** A thread of a machine that has nothing else to do is woken sooner. */
    private static final long UNNOTICED = Duration.ofMillis(1).toNanos();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("standstills"));
    private long due = System.nanoTime() + BEAT;
    private long total;
    private long longest;

    private Standstills() {}

    /** Begins to watch. */
    public static Standstills watch() {
        Standstills begun = new Standstills();
        var unused = begun.thread.scheduleWithFixedDelay(begun::beat, BEAT, BEAT, TimeUnit.NANOSECONDS);
        return begun;
    }

    private synchronized void beat() {
        long now = System.nanoTime();
        long late = now - due;
        if (late > UNNOTICED) {
            total += late;
            longest = Math.max(longest, late);
        }
        due = System.nanoTime() + BEAT;
    }

    /** Returns how long it stood still since the beginning, taken together. */
    public synchronized Duration total() {
        return Duration.ofNanos(total);
    }

    /** Returns how long it stood still at most at a time. */
    public synchronized Duration longest() {
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
