package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.Optional;

/**
 * What is known about a key, and for how long.
 *
 * @param tier empty if nobody has the key, as far as is known
 * @param certain whether the resolver said so
 * @param freshUntil until when the resolver need not be asked again, in elapsed nanoseconds
 * @param keptUntil until when the answer may be used if the resolver cannot be asked, in elapsed nanoseconds
 */
record TierAnswer(Optional<Tier> tier, boolean certain, long freshUntil, long keptUntil) {

    private static final long TIER_FRESH = Duration.ofSeconds(30).toNanos();
    private static final long TIER_KEPT = Duration.ofHours(1).toNanos();
    private static final long UNKNOWN_KEPT = Duration.ofSeconds(5).toNanos();
    private static final long PAUSE_AFTER_FAILURE = Duration.ofSeconds(1).toNanos();

    static TierAnswer resolved(Optional<Tier> tier, long now) {
        return tier.isPresent()
                ? new TierAnswer(tier, true, now + TIER_FRESH, now + TIER_KEPT)
                : new TierAnswer(tier, true, now + UNKNOWN_KEPT, now + UNKNOWN_KEPT);
    }

    static TierAnswer unknownAfterFailure(long now) {
        return new TierAnswer(Optional.empty(), false, now + PAUSE_AFTER_FAILURE, now + PAUSE_AFTER_FAILURE);
    }

    TierAnswer afterFailure(long now) {
        return new TierAnswer(tier, certain, now + PAUSE_AFTER_FAILURE, keptUntil);
    }

    boolean saysUnknown() {
        return certain && tier.isEmpty();
    }

    /** Returns the same answer, to be used only if the resolver cannot be asked. */
    TierAnswer doubted(long now) {
        return new TierAnswer(tier, certain, now, keptUntil);
    }

    boolean freshAt(long now) {
        return now - freshUntil < 0;
    }

    boolean keptAt(long now) {
        return now - keptUntil < 0;
    }

    Duration timeToKeep(long now) {
        return Duration.ofNanos(Math.max(0, keptUntil - now));
    }
}
