package dev.millpond.runtime;

import dev.millpond.runtime.spi.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * For how long this process had no processor time when it wanted some: nothing can be quicker than that. Thread-safe.
 *
 * <p>A thread asks to be woken every few milliseconds, and is woken too late.
 */
public final class Standstills implements AutoCloseable {

    static final Duration BEAT = Duration.ofMillis(5);

    /** A thread of a machine that has nothing else to do is woken sooner. */
    private static final long UNNOTICED = Duration.ofMillis(1).toNanos();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("standstills"));
    private final LongSupplier nanoTime;
    private long due;
    private long total;
    private boolean over;

    Standstills(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong() + BEAT.toNanos();
    }

    /** Begins to watch. */
    public static Standstills watch() {
        Standstills begun = new Standstills(System::nanoTime);
        var unused =
                begun.thread.scheduleWithFixedDelay(begun::beat, BEAT.toNanos(), BEAT.toNanos(), TimeUnit.NANOSECONDS);
        return begun;
    }

    synchronized void beat() {
        total += lateNow();
        due = nanoTime.getAsLong() + BEAT.toNanos();
    }

    /** Whoever runs first after a standstill may be another thread. */
    private long lateNow() {
        long late = nanoTime.getAsLong() - due;
        return late > UNNOTICED && !over ? late : 0;
    }

    /** Returns how long it stood still since the beginning, taken together, with what goes on. */
    public synchronized Duration total() {
        return Duration.ofNanos(total + lateNow());
    }

    @Override
    public synchronized void close() {
        beat();
        over = true;
        thread.shutdownNow();
    }
}
