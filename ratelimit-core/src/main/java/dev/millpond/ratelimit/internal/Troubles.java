package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.engine.BucketContentionException;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.util.concurrent.CompletionException;
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
    private final LongAdder contended = new LongAdder();
    private final Cache<String, Boolean> tiersWithTooHighCosts =
            Caffeine.newBuilder().maximumSize(TIERS_REMEMBERED).build();

    Troubles(Ticker ticker) {
        this.log = new OccasionalLog(LOGGER, ticker);
        this.contentionLog = new OccasionalLog(LOGGER, ticker);
    }

    /** Logs once per tier that a request costs more than its bucket can ever hold. */
    void reportCost(Tier tier, long cost) {
        long capacity = tier.limit().capacity();
        if (cost > capacity && tiersWithTooHighCosts.asMap().putIfAbsent(tier.name(), true) == null) {
            LOGGER.warn(
                    "A request of cost {} can never pass tier '{}', whose bucket holds {} tokens. Lower the cost or raise"
                            + " the tier's limit or burst. Logged once per tier.",
                    cost,
                    tier.name(),
                    capacity);
        }
    }

    /** Counts and logs a decision that failed because too many competed for its bucket; returns false for others. */
    boolean reportedAsContention(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof BucketContentionException)) {
            return false;
        }
        contended.increment();
        contentionLog.warn(
                "A request was denied though Redis answers, {} so far: too many compete for one bucket. Raise the decision"
                        + " timeout of the rate limiter, or send the requests of one client to fewer nodes.",
                contended.sum());
        return true;
    }

    /** Logs a failed decision, unless Redis just gave no answer: that is the connection's to report. */
    void reportFailure(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RedisUnavailableException) {
            cause = cause.getCause();
        }
        if (cause != null && !(cause instanceof TimeoutException)) {
            log.warn("A decision failed with {}; the failure policy decides instead.", shortened(cause.toString()));
        }
    }

    /** The Redis client describes its state at length. */
    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }
}
