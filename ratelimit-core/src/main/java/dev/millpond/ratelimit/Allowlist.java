package dev.millpond.ratelimit;

import dev.millpond.ratelimit.internal.ListedClients;
import java.util.Objects;

/**
 * Says which clients are never limited.
 *
 * <p>Thread-safe. Asked before anything else, so it must answer at once.
 */
@FunctionalInterface
public interface Allowlist {

    /** Tells whether the client is never limited; what it throws, the caller of the limiter gets. */
    boolean contains(Client client);

    /** Returns the list that contains nobody. */
    static Allowlist none() {
        return client -> false;
    }

    /**
     * Returns a list of API keys and networks.
     *
     * <p>An entry that looks like an address or a network, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}, admits
     * clients by their address; names are never looked up. Every other entry is an API key, compared letter by letter:
     * whoever sends it is not limited, so choose it like a password.
     *
     * @param clientsOrNetworks for example {@code "internal-monitor-5f2c"}, {@code "10.0.0.0/8"}
     * @throws IllegalArgumentException if an entry is blank, or looks like a network and is none
     */
    static Allowlist of(String... clientsOrNetworks) {
        return ListedClients.parse("Allowlist", clientsOrNetworks);
    }

    /** Returns a list that contains the clients of either. */
    default Allowlist or(Allowlist other) {
        Objects.requireNonNull(other, "The other allowlist is null. Use Allowlist.none() for one without clients.");
        return client -> contains(client) || other.contains(client);
    }
}
