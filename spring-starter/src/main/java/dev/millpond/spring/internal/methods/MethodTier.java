package dev.millpond.spring.internal.methods;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.RateLimited;
import dev.millpond.spring.Tiers;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.convert.DurationStyle;

/** Reads the tier of a method from its annotation. */
final class MethodTier {

    private static final int LONGEST_NAME = 64;

    private MethodTier() {}

    static Tier of(Method method, RateLimited annotation, Tiers tiers) {
        boolean named = !annotation.tier().isEmpty();
        if (named == (annotation.limit() != 0)) {
            throw new InvalidRateLimitedException(
                    method,
                    named ? "has both a tier and a limit, must have one of them." : "has neither a tier nor a limit.",
                    "Give 'tier' for one of the application's tiers, or 'limit' for a limit of the method's own.");
        }
        return named ? named(method, annotation.tier(), tiers) : own(method, annotation);
    }

    private static Tier named(Method method, String name, Tiers tiers) {
        return tiers.find(name)
                .orElseThrow(() -> new InvalidRateLimitedException(
                        method,
                        "has the tier '" + name + "', which does not exist.",
                        "Use the name of a tier, or define 'millpond.rate-limit.tiers." + name + ".limit'."));
    }

    private static Tier own(Method method, RateLimited annotation) {
        try {
            Duration period = DurationStyle.detectAndParse(annotation.per());
            RateLimit limit = RateLimit.of(annotation.limit(), period).withBurst(annotation.burst());
            return Tier.of(nameOf(method), limit);
        } catch (IllegalArgumentException e) {
            InvalidRateLimitedException invalid = new InvalidRateLimitedException(
                    method, "is refused: " + e.getMessage(), "Give for example limit = 10, per = \"1m\", burst = 2.");
            invalid.initCause(e);
            throw invalid;
        }
    }

    /** Returns a name such as {@code report-service-export}; its end counts if it is too long. */
    private static String nameOf(Method method) {
        String name = (method.getDeclaringClass().getSimpleName() + "-" + method.getName())
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .replaceAll("[^A-Za-z0-9]+", "-")
                .toLowerCase(Locale.ROOT);
        String end = name.substring(Math.max(0, name.length() - LONGEST_NAME));
        return end.startsWith("-") ? end.substring(1) : end;
    }
}
