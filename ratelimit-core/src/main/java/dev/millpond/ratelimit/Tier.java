package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A named limit that clients share the shape of; each client has a bucket of its own. Immutable.
 *
 * <p>A tier may have several limits, such as 10 per second and 1000 per day. A request then passes only if all of them
 * have its cost, and is charged to all of them or to none. It may also limit how many requests are in flight.
 *
 * @param name 1 to 64 lower-case letters, digits and hyphens; appears in response fields, metrics and Redis keys
 * @param limits the limits of each client; at least one, each with another period
 * @param inFlight how many requests of each client may be under way at the same time; empty for any number
 * @param lease how many tokens of a client a node may be lent at once; 0 for none
 */
public record Tier(String name, List<RateLimit> limits, Optional<InFlightLimit> inFlight, long lease) {

    private static final long SMALLEST_LEASE = 2;
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
     * Checks the name, the limits and the lease.
     *
     * @throws IllegalArgumentException if the name has other characters or another length, or begins with a hyphen; if
     *     there is no limit, or there are two with the same period; if the lease is not 0, and below 2 or above the
     *     capacity
     * @throws NullPointerException if the name or a limit is null
     */
    public Tier {
        Objects.requireNonNull(name, "Tier name is null. Use a name such as 'free'.");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Tier name '" + name
                    + "' must be 1 to 64 lower-case letters, digits or hyphens, and not begin with a hyphen."
                    + " Use a name such as 'free'.");
        }
        limits = checked(name, limits);
        Objects.requireNonNull(inFlight, () -> "In-flight limit of tier '" + name + "' is null. Use Optional.empty().");
        if (lease != 0 && (lease < SMALLEST_LEASE || lease > capacity(limits))) {
            throw new IllegalArgumentException("Lease of tier '" + name + "' is " + lease + " tokens, must be "
                    + SMALLEST_LEASE + " or more and no more than the tier's capacity of " + capacity(limits)
                    + ". Use a hundredth of the capacity, or leave it out.");
        }
    }

    /**
     * Creates a tier that neither limits requests in flight nor has leases.
     *
     * @throws IllegalArgumentException if the name is not one of a tier, there is no limit, or two have the same period
     */
    public Tier(String name, List<RateLimit> limits) {
        this(name, limits, Optional.empty(), 0);
    }

    private static List<RateLimit> checked(String name, List<RateLimit> limits) {
        if (limits.isEmpty()) {
            throw new IllegalArgumentException(
                    "Tier '" + name + "' has no limit. Give it for example RateLimit.perMinute(10).");
        }
        Set<Duration> periods = new HashSet<>();
        for (RateLimit limit : limits) {
            Objects.requireNonNull(
                    limit, () -> "Limit of tier '" + name + "' is null. Use for example RateLimit.perMinute(10).");
            if (!periods.add(limit.period())) {
                throw new IllegalArgumentException("Tier '" + name + "' has two limits per " + limit.period()
                        + ", must have one per period. Leave one out, or give it another period.");
            }
        }
        return List.copyOf(limits);
    }

    /**
     * Returns a tier.
     *
     * @param limit the limit that response fields describe
     * @param further limits that a request has to pass as well
     * @throws IllegalArgumentException if the name is not one of a tier, or two limits have the same period
     */
    public static Tier of(String name, RateLimit limit, RateLimit... further) {
        List<RateLimit> limits = new ArrayList<>(List.of(further));
        limits.add(0, limit);
        return new Tier(name, limits);
    }

    /**
     * Returns this tier with at most so many requests of each client under way at the same time.
     *
     * <p>Each admitted request has a {@link Permit}, to be released when it is finished; after 60 s it no longer
     * counts.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Tier withInFlight(int most) {
        return withInFlight(InFlightLimit.of(most));
    }

    /** Returns this tier with a limit of the requests of each client that are under way at the same time. */
    public Tier withInFlight(InFlightLimit limit) {
        Objects.requireNonNull(
                limit, () -> "In-flight limit of tier '" + name + "' is null. Use for example InFlightLimit.of(10).");
        return new Tier(name, limits, Optional.of(limit), lease);
    }

    /** Returns this tier with {@linkplain #withLease(long) leases} of a hundredth of its capacity. */
    public Tier withLease() {
        return withLease(Math.min(capacity(), Math.max(SMALLEST_LEASE, capacity() / 100)));
    }

    /**
     * Returns this tier with leases: a node that many requests of one client come to takes so many of the client's
     * tokens from Redis at once, and decides on them by itself for up to a second.
     *
     * <p>All nodes together still admit no more than the tier allows. Without Redis, with {@link RedisEngine#CAS} and
     * for requests with several limits, or with a limit of those in flight, it has no effect.
     *
     * @param tokens 2 or more, and no more than the capacity
     * @throws IllegalArgumentException if it is out of this range
     */
    public Tier withLease(long tokens) {
        if (tokens == 0) {
            throw new IllegalArgumentException("Lease of tier '" + name + "' is 0 tokens, must be " + SMALLEST_LEASE
                    + " or more. Leave it out for a tier without leases.");
        }
        return new Tier(name, limits, inFlight, tokens);
    }

    /** Returns the first limit. */
    public RateLimit limit() {
        return limits.get(0);
    }

    /** Returns the most that one request can take: what the smallest of the full limits holds. */
    public long capacity() {
        return capacity(limits);
    }

    private static long capacity(List<RateLimit> limits) {
        long smallest = limits.get(0).capacity();
        for (int i = 1; i < limits.size(); i++) {
            smallest = Math.min(smallest, limits.get(i).capacity());
        }
        return smallest;
    }
}
