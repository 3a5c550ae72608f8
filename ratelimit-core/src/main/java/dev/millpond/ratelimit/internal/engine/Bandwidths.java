package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RateLimit;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderBuildStage;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderRefillStage;
import java.time.Duration;
import java.time.Instant;

/**
 * Limits as Bucket4j has them.
 *
 * <p>A window gets all its tokens anew when it ends. Windows of the clock are counted from 1970-01-01T00:00:00Z.
 */
final class Bandwidths {

    private Bandwidths() {}

    static Bandwidth of(RateLimit limit) {
        BandwidthBuilderRefillStage held = Bandwidth.builder().capacity(limit.capacity());
        BandwidthBuilderBuildStage refilled = switch (limit.shape()) {
            case BUCKET, SMOOTH -> held.refillGreedy(limit.tokens(), limit.period());
            case WINDOW -> held.refillIntervally(limit.capacity(), limit.period());
            case ALIGNED_WINDOW -> held.refillIntervallyAligned(limit.capacity(), limit.period(), Instant.EPOCH);
        };
        return refilled.build();
    }

    static Bandwidth named(Bandwidth limit, String name) {
        BandwidthBuilderRefillStage held = Bandwidth.builder().capacity(limit.getCapacity());
        long tokens = limit.getRefillTokens();
        Duration period = Duration.ofNanos(limit.getRefillPeriodNanos());
        BandwidthBuilderBuildStage refilled;
        if (limit.isIntervallyAligned()) {
            refilled = held.refillIntervallyAligned(
                    tokens, period, Instant.ofEpochMilli(limit.getTimeOfFirstRefillMillis()));
        } else if (limit.isRefillIntervally()) {
            refilled = held.refillIntervally(tokens, period);
        } else {
            refilled = held.refillGreedy(tokens, period);
        }
        return refilled.id(name).build();
    }

    /** Tells whether a limit is a window that begins with a request. */
    static boolean beginsWithARequest(Bandwidth limit) {
        return limit.isRefillIntervally() && !limit.isIntervallyAligned();
    }

    /** Tells whether one limit can go on at the time at which another was refilled last. */
    static boolean inTheSameRhythm(Bandwidth limit, Bandwidth other) {
        if (!limit.isRefillIntervally() && !other.isRefillIntervally()) {
            return true;
        }
        return limit.isRefillIntervally() == other.isRefillIntervally()
                && limit.getTimeOfFirstRefillMillis() == other.getTimeOfFirstRefillMillis()
                && limit.getRefillPeriodNanos() == other.getRefillPeriodNanos();
    }

    /** Returns the latest time at which a limit can have been refilled. */
    static long lastRefill(Bandwidth limit, long now) {
        if (!limit.isIntervallyAligned()) {
            return now;
        }
        long first = Duration.ofMillis(limit.getTimeOfFirstRefillMillis()).toNanos();
        return now - Math.floorMod(now - first, limit.getRefillPeriodNanos());
    }
}
