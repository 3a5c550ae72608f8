package dev.millpond.ratelimit;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A named limit that clients share the shape of; each client has a bucket of its own. Immutable.
 *
 * @param name 1 to 64 lower-case letters, digits and hyphens; appears in response fields, metrics and Redis keys
 * @param limit the limit of each client
 */
public record Tier(String name, RateLimit limit) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** 10 requests per minute and a burst of 2. */
    public static final Tier FREE = of("free", RateLimit.perMinute(10).withBurst(2));

    /** 100 requests per minute and a burst of 20. */
    public static final Tier STANDARD = of("standard", RateLimit.perMinute(100).withBurst(20));

    /** 1000 requests per minute and a burst of 100. */
    public static final Tier PRO = of("pro", RateLimit.perMinute(1_000).withBurst(100));

    /** 10 000 requests per minute and a burst of 1000. */
    public static final Tier ENTERPRISE =
            of("enterprise", RateLimit.perMinute(10_000).withBurst(1_000));

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it has other characters or another length, or begins with a hyphen
     * @throws NullPointerException if the name or the limit is null
     */
    public Tier {
        Objects.requireNonNull(name, "Tier name is null. Use a name such as 'free'.");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Tier name '" + name
                    + "' must be 1 to 64 lower-case letters, digits or hyphens, and not begin with a hyphen."
                    + " Use a name such as 'free'.");
        }
        Objects.requireNonNull(
                limit, () -> "Limit of tier '" + name + "' is null. Use for example RateLimit.perMinute(10).");
    }

    /**
     * Returns a tier.
     *
     * @throws IllegalArgumentException if the name is not one of a tier
     */
    public static Tier of(String name, RateLimit limit) {
        return new Tier(name, limit);
    }
}
