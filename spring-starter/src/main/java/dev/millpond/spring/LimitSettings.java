package dev.millpond.spring;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of a further limit of a tier; immutable.
 *
 * @param limit Requests per period; at least 1.
 * @param per The period; at least 1 ms, and another one than that of each other limit of the tier.
 * @param burst Requests on top of the limit; zero or more.
 * @param shape How the requests are handed out - bucket, smooth, window or aligned-window.
 */
public record LimitSettings(
        @Nullable Long limit,
        @DefaultValue("1m") Duration per,
        @DefaultValue("0") long burst,
        @DefaultValue("bucket") RateLimit.Shape shape) {

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

    RateLimit toLimit() {
        return new RateLimit(limit == null ? 0 : limit, per, burst, shape);
    }
}
