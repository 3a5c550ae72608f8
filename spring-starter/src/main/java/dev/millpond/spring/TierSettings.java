package dev.millpond.spring;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of one tier; immutable.
 *
 * @param limit Requests per period; at least 1.
 * @param per The period; at least 1 ms.
 * @param burst Requests on top of the limit that may come at once; zero or more.
 * @param whenRedisIsDown What this tier does while Redis is away - limit-locally, allow or deny; what all tiers do if
 *     not set.
 */
public record TierSettings(
        @Nullable Long limit,
        @DefaultValue("1m") Duration per,
        @DefaultValue("0") long burst,
        @Nullable FailurePolicy whenRedisIsDown) {

    void check(String prefix) {
        String property = prefix + ".limit";
        if (limit == null) {
            throw new InvalidPropertyException(
                    property, "is not set, but a tier needs a limit.", "Give the number of requests per period.");
        }
        long requests = limit;
        PropertyCheck.atLeast(property, 1, limit, "Give the number of requests per period.");
        PropertyCheck.check(
                prefix + ".per", per, period -> RateLimit.of(requests, period), "Give a duration such as 1m.");
        PropertyCheck.atLeast(
                prefix + ".burst",
                0,
                burst,
                "Set it to 0 for a tier without a burst, or to the number of requests allowed on top of the limit.");
    }

    Tier named(String name, String property) {
        try {
            return Tier.of(name, RateLimit.of(limit == null ? 0 : limit, per).withBurst(burst));
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(property, e, "Correct this tier, or remove it.");
        }
    }
}
