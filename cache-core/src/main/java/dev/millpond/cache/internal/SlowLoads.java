package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.OccasionalLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Counts the loads of one cache that take long, and logs one of them now and then; thread-safe. */
final class SlowLoads {

    private final String cache;
    private final Duration threshold;
    private final StatsCounter stats;
    private final OccasionalLog log;

    /**
     * Creates it.
     *
     * @param threshold how long a load takes that is slow; with zero none is
     */
    SlowLoads(String cache, Duration threshold, Ticker ticker, StatsCounter stats) {
        this.cache = cache;
        this.threshold = threshold;
        this.stats = stats;
        this.log = new OccasionalLog(LoggerFactory.getLogger(SlowLoads.class), ticker);
    }

    /** Notes that a load of some keys has ended, well or not. */
    void ended(List<? extends Request<?>> requests, long nanos) {
        if (!threshold.isZero() && nanos >= threshold.toNanos()) {
            stats.slowLoad();
            log.warn(
                    "Cache '{}' took {} ms to load {}, its slowLoadThreshold is {} ms. Make its loader faster, or raise"
                            + " the threshold. All are counted.",
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
