package dev.millpond.runtime.spi;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Calls code of the application that must not spoil what it is called from: its failures are logged; thread-safe. */
public final class TolerantCalls {

    private final String role;
    private final OccasionalLog log;

    /**
     * Creates it.
     *
     * @param role of what is called, as the beginning of a sentence; for example {@code Load observer}
     */
    public TolerantCalls(String role, Logger logger, Ticker ticker) {
        this.role = role;
        this.log = new OccasionalLog(logger, ticker);
    }

    /** Makes a call of an object. */
    public void run(Object called, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            warn(called, e);
        }
    }

    /**
     * Returns what a call of an object gives.
     *
     * @param method the name of what is called, for the log
     * @param otherwise what to return if it fails, or gives null
     */
    public <T> T get(Object called, String method, Supplier<? extends @Nullable T> call, T otherwise) {
        try {
            return Objects.requireNonNull(call.get(), () -> method + " gave null");
        } catch (RuntimeException e) {
            warn(called, e);
            return otherwise;
        }
    }

    private void warn(Object called, RuntimeException failure) {
        log.warn("{} {} failed with {}.", role, called.getClass().getName(), failure.toString());
    }
}
