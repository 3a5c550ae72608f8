package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.BucketContentionException;
import dev.millpond.ratelimit.internal.engine.Failures;
import dev.millpond.ratelimit.internal.engine.RedisTooSlowException;
import dev.millpond.runtime.spi.OccasionalLog;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what goes wrong while deciding, without flooding the log. */
final class Troubles {

    private static final Logger LOGGER = LoggerFactory.getLogger(TieredRateLimiter.class);
    private static final int TIERS_REMEMBERED = 1_000;
    private static final int LONGEST_TEXT = 200;

    private final OccasionalLog log;
    private final OccasionalLog contentionLog;
    private final OccasionalLog slowLog;
    private final LongAdder contended = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private final Cache<String, Boolean> tiersWithTooHighCosts =
            Caffeine.newBuilder().maximumSize(TIERS_REMEMBERED).build();

    Troubles(Ticker ticker) {
        this.log = new OccasionalLog(LOGGER, ticker);
        this.contentionLog = new OccasionalLog(LOGGER, ticker);
        this.slowLog = new OccasionalLog(LOGGER, ticker);
    }

    /** Logs once per tier that a request costs more than a bucket can ever hold. */
    void reportCost(List<TierBucket> buckets, long cost) {
        for (TierBucket bucket : buckets) {
            reportCost(bucket.tier(), cost);
        }
    }

    private void reportCost(Tier tier, long cost) {
        long capacity = tier.capacity();
        if (cost > capacity && tiersWithTooHighCosts.asMap().putIfAbsent(tier.name(), true) == null) {
            LOGGER.warn(
                    "A request of cost {} can never pass tier '{}', whose bucket holds {} tokens. Lower the cost or raise"
                            + " the tier's limit or burst. Logged once per tier.",
                    cost,
                    tier.name(),
                    capacity);
        }
    }

    /** Logs a failed decision, unless Redis just gave no answer: that is the connection's to report. */
    void report(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof BucketContentionException) {
            contended.increment();
            contentionLog.warn(
                    "Redis answers, but {} decisions so far were not made in time: too many nodes compete for one bucket."
                            + " Raise the decision timeout of the rate limiter, or send the requests of one client to"
                            + " fewer nodes.",
                    contended.sum());
        } else if (cause instanceof RedisTooSlowException) {
            slow.increment();
            slowLog.warn(
                    "Redis answers, but too slowly for the decision timeout; the failure policy decided {} times so far."
                            + " Look for what slows Redis down, or raise the decision timeout of the rate limiter.",
                    slow.sum());
        } else if (cause != null && !(cause instanceof TimeoutException)) {
            log.warn("A decision failed with {}; the failure policy decides instead.", shortened(cause.toString()));
        }
    }

    /** The Redis client describes its state at length. */
    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }
}
