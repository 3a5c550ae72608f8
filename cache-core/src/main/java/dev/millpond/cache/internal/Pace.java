package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Spreads calls evenly over time; thread-safe. */
final class Pace {

    private final long intervalNanos;
    private final Ticker ticker;
    private boolean begun;
    private long next;

    /**
     * Creates a pace.
     *
     * @param perSecond infinite for calls at any time
     */
    Pace(double perSecond, Ticker ticker) {
        this.ticker = ticker;
        this.intervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    /** Returns for how long the next call must still wait, zero or less if it may be made. */
    synchronized long early() {
        return begun ? next - ticker.read() : 0;
    }

    /**
     * Returns what the call needs, if it may be made now and gets that, and makes the next one wait; else null.
     *
     * <p>To come late is not made up for, and who does not call takes nobody's turn.
     */
    synchronized <T> @Nullable T begin(Supplier<@Nullable T> needed) {
        T got = early() > 0 ? null : needed.get();
        if (got != null) {
            begun = true;
            next = ticker.read() + intervalNanos;
        }
        return got;
    }
}
