package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.WarmUpReport.Ending;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Says for how long a warm-up goes on, and why it ended; thread-safe. */
final class WarmLimits {

    private final WarmControl control;
    private final BooleanSupplier isOn;
    private final Ticker ticker;
    private final long begunAt;
    private final long deadlineNanos;
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    WarmLimits(WarmControl control, BooleanSupplier isOn, Ticker ticker, Duration deadline) {
        this.control = control;
        this.isOn = isOn;
        this.ticker = ticker;
        this.begunAt = ticker.read();
        this.deadlineNanos = deadline.toNanos();
    }

    /** Tells whether there may be one more load. */
    boolean goesOn() {
        if (ending.get() == null) {
            Ending reason = reasonToEnd();
            if (reason != null) {
                end(reason);
            }
        }
        return ending.get() == null;
    }

    private @Nullable Ending reasonToEnd() {
        if (control.isCancelled().getAsBoolean()) {
            return Ending.CANCELLED;
        }
        if (!isOn.getAsBoolean()) {
            return Ending.SWITCHED_OFF;
        }
        return took().toNanos() >= deadlineNanos ? Ending.DEADLINE : null;
    }

    /** Ends it; the first reason counts. */
    void end(Ending reason) {
        ending.compareAndSet(null, reason);
    }

    /** Returns why it ended. */
    Ending ending() {
        Ending reason = ending.get();
        return reason == null ? Ending.COMPLETED : reason;
    }

    Duration took() {
        return Duration.ofNanos(ticker.read() - begunAt);
    }

    WarmControl control() {
        return control;
    }
}
