package dev.millpond.spring;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.internal.properties.Modes;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of one tier; immutable.
 *
 * @param limit Requests per period; at least 1. Without it, free, standard, pro and enterprise keep theirs, and what
 *     else is not set.
 * @param per The period; at least 1 ms. 1m if not set.
 * @param burst Requests on top of the limit that may come at once; zero or more. 0 if not set.
 * @param shape How the requests are handed out - bucket, smooth, window or aligned-window. Bucket if not set.
 * @param further Limits that a request has to pass as well, each with another period.
 * @param lease How many tokens of a client a node may take from Redis at once, to decide by itself for up to a second;
 *     none if not set. A hundredth of limit and burst is a good number.
 * @param inFlight How many requests of a client may be under way at the same time; any number if not set.
 * @param inFlightTimeout After which time a request no longer counts as under way if its node crashed; 60s if not set.
 * @param whenRedisIsDown What this tier does while Redis is away - limit-locally, allow or deny; what all tiers do if
 *     not set.
 * @param mode What its limits do - off, shadow, enforce, or a share such as 25%; the mode of all limits if not set.
 */
public record TierSettings(
        @Nullable Long limit,
        @Nullable Duration per,
        @Nullable Long burst,
        RateLimit.@Nullable Shape shape,
        @DefaultValue List<LimitSettings> further,
        @Nullable Long lease,
        @Nullable Integer inFlight,
        @Nullable Duration inFlightTimeout,
        @Nullable FailurePolicy whenRedisIsDown,
        @Nullable String mode) {

    private static final RateLimit PLAIN = RateLimit.perMinute(1);

    /** Copies the further limits. */
    public TierSettings {
        further = List.copyOf(further);
    }

    /** Tells whether they say how much is limited, and not only what limits do. */
    public boolean definesLimits() {
        return !further.isEmpty()
                || Stream.of(limit, per, burst, shape, lease, inFlight).anyMatch(Objects::nonNull);
    }

    /**
     * Checks the ranges.
     *
     * @param builtIn the tier of this name that exists without properties; null if there is none
     */
    void check(String prefix, @Nullable Tier builtIn) {
        first(builtIn).check(prefix);
        for (int i = 0; i < further.size(); i++) {
            further.get(i).check(prefix + ".further[" + i + "]");
        }
        checkInFlight(prefix + ".in-flight");
        if (mode != null) {
            Modes.parse(prefix + ".mode", mode);
        }
    }

    private void checkInFlight(String property) {
        PropertyCheck.check(
                property,
                inFlight,
                InFlightLimit::of,
                "Give the number of requests that may be under way at the same time.");
        PropertyCheck.check(
                property + "-timeout",
                inFlightTimeout,
                timeout -> new InFlightLimit(1, timeout),
                "Give a time that no request takes, such as 60s.");
        if (inFlight == null) {
            PropertyCheck.refuse(
                    property + "-timeout",
                    inFlightTimeout,
                    "but '" + property + "' is not set.",
                    "Set that too, or remove it.");
        }
    }

    private LimitSettings first(@Nullable Tier builtIn) {
        return limit != null || builtIn == null
                ? first(limit, PLAIN)
                : first(builtIn.limit().tokens(), builtIn.limit());
    }

    private LimitSettings first(@Nullable Long tokens, RateLimit unlessSet) {
        return new LimitSettings(
                tokens,
                Objects.requireNonNullElse(per, unlessSet.period()),
                Objects.requireNonNullElse(burst, unlessSet.burst()),
                Objects.requireNonNullElse(shape, unlessSet.shape()));
    }

    /** Returns the tier; what is not said is that of the built-in tier of this name if there is one. */
    Tier named(String name, String property, @Nullable Tier builtIn) {
        try {
            RateLimit[] others = further.stream().map(LimitSettings::toLimit).toArray(RateLimit[]::new);
            return withInFlight(withLease(Tier.of(name, first(builtIn).toLimit(), others)));
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(property, e, "Correct this tier, or remove it.");
        }
    }

    private Tier withLease(Tier tier) {
        return lease == null ? tier : tier.withLease(lease);
    }

    private Tier withInFlight(Tier tier) {
        if (inFlight == null) {
            return tier;
        }
        InFlightLimit most = InFlightLimit.of(inFlight);
        return tier.withInFlight(inFlightTimeout == null ? most : new InFlightLimit(most.most(), inFlightTimeout));
    }
}
