package dev.millpond.testkit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that moves only when a test says so: elapsed nanoseconds and wall clock in one.
 *
 * <p>It starts at zero elapsed nanoseconds and at {@link #START}. Thread-safe.
 */
public final class FakeTicker implements Ticker, InstantSource {

    /** The wall clock time of every new ticker: the beginning of 2026, UTC. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong elapsedNanos = new AtomicLong();

    /** Creates a ticker that stands still at {@link #START}. */
    public FakeTicker() {}

    /** Returns the nanoseconds that the ticker was advanced by so far. */
    @Override
    public long read() {
        return elapsedNanos.get();
    }

    /** Returns {@link #START} plus the time that the ticker was advanced by so far. */
    @Override
    public Instant instant() {
        return START.plusNanos(elapsedNanos.get());
    }

    /**
     * Moves both clocks forward.
     *
     * @param time how far, at nanosecond precision
     * @throws IllegalArgumentException if the time is negative; the clock has not moved then
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("FakeTicker cannot be advanced by " + time
                    + ": elapsed time never runs back. Use a new FakeTicker.");
        }
        elapsedNanos.addAndGet(time.toNanos());
    }
}
