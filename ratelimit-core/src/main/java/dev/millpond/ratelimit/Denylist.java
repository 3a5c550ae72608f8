package dev.millpond.ratelimit;

import dev.millpond.ratelimit.internal.ListedClients;

/**
 * Says which clients are always denied.
 *
 * <p>Thread-safe. Asked about each request, so it must answer at once. Whoever is on the {@link Allowlist} as well is
 * not denied. {@linkplain RateLimitRules#withBan Bans} do the same while the limiter runs.
 */
@FunctionalInterface
public interface Denylist {

    /** Tells whether the client is always denied; what it throws, the caller of the limiter gets. */
    boolean contains(Client client);

    /** Returns the list that contains nobody. */
    static Denylist none() {
        return client -> false;
    }

    /**
     * Returns a list of API keys and networks, told apart as by {@link Allowlist#of}.
     *
     * @param clientsOrNetworks for example {@code "leaked-key-77"}, {@code "192.0.2.0/24"}
     * @throws IllegalArgumentException if an entry is blank, or looks like a network and is none
     */
    static Denylist of(String... clientsOrNetworks) {
        return ListedClients.parse("Denylist", clientsOrNetworks)::contains;
    }
}
