package dev.millpond.ratelimit;

/**
 * Says which clients are never limited.
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface Allowlist {

    /** Tells whether the client is never limited. */
    boolean contains(Client client);

    /** Returns the list that contains nobody. */
    static Allowlist none() {
        return client -> false;
    }

    /** Returns a list that contains the clients of either. */
    default Allowlist or(Allowlist other) {
        return client -> contains(client) || other.contains(client);
    }
}
