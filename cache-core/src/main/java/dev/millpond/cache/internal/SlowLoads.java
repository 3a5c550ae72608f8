package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the loads of one cache that take long, and logs one of them now and then; thread-safe. */
final class SlowLoads {

    private static final Logger log = LoggerFactory.getLogger(SlowLoads.class);

    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final String cache;
    private final Duration threshold;
    private final Ticker ticker;
    private final StatsCounter stats;
    private final AtomicLong lastLine;

    /**
     * Creates it.
     *
     * @param threshold how long a load takes that is slow; with zero none is
     */
    SlowLoads(String cache, Duration threshold, Ticker ticker, StatsCounter stats) {
        this.cache = cache;
        this.threshold = threshold;
        this.ticker = ticker;
        this.stats = stats;
        this.lastLine = new AtomicLong(ticker.read() - PAUSE_NANOS);
    }

    /** Notes that a load of some keys has ended, well or not. */
    void ended(List<? extends Request<?>> requests, long nanos) {
        if (!threshold.isZero() && nanos >= threshold.toNanos()) {
            stats.slowLoad();
            logOccasionally(requests, nanos);
        }
    }

    private void logOccasionally(List<? extends Request<?>> requests, long nanos) {
        long before = lastLine.get();
        long now = ticker.read();
        if (now - before >= PAUSE_NANOS && lastLine.compareAndSet(before, now)) {
            log.warn(
                    "Cache '{}' took {} ms to load {}, its slowLoadThreshold is {} ms. Make its loader faster, or raise"
                            + " the threshold. Logged once per minute; all are counted.",
                    cache,
                    TimeUnit.NANOSECONDS.toMillis(nanos),
                    described(requests),
                    threshold.toMillis());
        }
    }

    /** A key may be somebody's name or address, so only its digest gets into a log. */
    private static String described(List<? extends Request<?>> requests) {
        String first = "the key with the digest " + Digests.of(requests.get(0).text());
        return requests.size() == 1 ? first : requests.size() + " keys, first " + first;
    }
}
