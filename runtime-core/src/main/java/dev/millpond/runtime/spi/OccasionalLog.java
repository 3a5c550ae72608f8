package dev.millpond.runtime.spi;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Logs a trouble that may come with every request, but at most once per minute; thread-safe. */
public final class OccasionalLog {

    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger logger;
    private final Ticker ticker;
    private final AtomicLong last;

    /** Creates it; what it says first is logged in any case. */
    public OccasionalLog(Logger logger, Ticker ticker) {
        this.logger = logger;
        this.ticker = ticker;
        this.last = new AtomicLong(ticker.read() - PAUSE_NANOS);
    }

    /** Logs a warning, in the format of SLF4J, unless it is too soon after the last one. */
    public void warn(String format, Object... arguments) {
        long before = last.get();
        long now = ticker.read();
        if (now - before >= PAUSE_NANOS && last.compareAndSet(before, now)) {
            logger.warn(format + " Logged once per minute.", arguments);
        }
    }
}
