package dev.millpond.spring;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.internal.properties.Modes;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of one tier; immutable.
 *
 * @param limit Requests per period; at least 1.
 * @param per The period; at least 1 ms.
 * @param burst Requests on top of the limit that may come at once; zero or more.
 * @param shape How the requests are handed out - bucket, smooth, window or aligned-window.
 * @param further Limits that a request has to pass as well, each with another period.
 * @param lease How many tokens of a client a node may take from Redis at once, to decide by itself for up to a second;
 *     none if not set. A hundredth of limit and burst is a good number.
 * @param whenRedisIsDown What this tier does while Redis is away - limit-locally, allow or deny; what all tiers do if
 *     not set.
 * @param mode What its limits do - off, shadow, enforce, or a share such as 25%; the mode of all limits if not set.
 */
public record TierSettings(
        @Nullable Long limit,
        @DefaultValue("1m") Duration per,
        @DefaultValue("0") long burst,
        @DefaultValue("bucket") RateLimit.Shape shape,
        @DefaultValue List<LimitSettings> further,
        @Nullable Long lease,
        @Nullable FailurePolicy whenRedisIsDown,
        @Nullable String mode) {

    /** Copies the further limits. */
    public TierSettings {
        further = List.copyOf(further);
    }

    void check(String prefix) {
        first().check(prefix);
        for (int i = 0; i < further.size(); i++) {
            further.get(i).check(prefix + ".further[" + i + "]");
        }
        if (mode != null) {
            Modes.parse(prefix + ".mode", mode);
        }
    }

    private LimitSettings first() {
        return new LimitSettings(limit, per, burst, shape);
    }

    Tier named(String name, String property) {
        try {
            RateLimit[] others = further.stream().map(LimitSettings::toLimit).toArray(RateLimit[]::new);
            Tier tier = Tier.of(name, first().toLimit(), others);
            return lease == null ? tier : tier.withLease(lease);
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(property, e, "Correct this tier, or remove it.");
        }
    }
}
