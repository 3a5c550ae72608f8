package dev.millpond.runtime;

import dev.millpond.runtime.spi.GivenSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What can be turned off at run time; immutable.
 *
 * <p>A switch that is a part of another one is never more on than that: what turns {@link #CACHE} off turns each cache
 * off.
 *
 * @param name {@code millpond}, {@code cache}, {@code rate-limit}, {@code warm-up}, or for a single cache
 *     {@code cache:standings}
 */
public record Switch(String name) {

    private static final String CACHE_PREFIX = "cache:";
    private static final Set<String> GENERAL_NAMES = Set.of("millpond", "cache", "rate-limit", "warm-up");

    /** Everything: caches, rate limits and warm-up. */
    public static final Switch MILLPOND = new Switch("millpond");

    /** All caches. */
    public static final Switch CACHE = new Switch("cache");

    /** All rate limits. */
    public static final Switch RATE_LIMIT = new Switch("rate-limit");

    /** Filling caches before they are asked, by whoever does that. */
    public static final Switch WARM_UP = new Switch("warm-up");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if there is no switch of this name
     */
    public Switch {
        Objects.requireNonNull(name, "Switch: name is null. Use for example Switch.CACHE.");
        if (name.startsWith(CACHE_PREFIX)) {
            String unused = GivenSettings.name("Switch of a cache: name", name.substring(CACHE_PREFIX.length()));
        } else if (!GENERAL_NAMES.contains(name)) {
            throw new IllegalArgumentException("Switch '" + name
                    + "' does not exist. Use millpond, cache, rate-limit, warm-up, or cache: and the name of a cache,"
                    + " such as cache:standings.");
        }
    }

    /** Returns the switches that every application has: all but those of single caches. */
    public static List<Switch> general() {
        return List.of(MILLPOND, CACHE, RATE_LIMIT, WARM_UP);
    }

    /**
     * Returns the switch of one cache.
     *
     * @throws IllegalArgumentException if it cannot be the name of a cache
     */
    public static Switch cache(String cacheName) {
        return new Switch(CACHE_PREFIX + cacheName);
    }

    /** Returns the switch that this one is a part of; empty for {@link #MILLPOND}. */
    public Optional<Switch> whole() {
        if (equals(MILLPOND)) {
            return Optional.empty();
        }
        return Optional.of(name.startsWith(CACHE_PREFIX) ? CACHE : MILLPOND);
    }

    /** Tells whether it has more modes than on and off. */
    public boolean ofCaches() {
        return equals(CACHE) || name.startsWith(CACHE_PREFIX);
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
