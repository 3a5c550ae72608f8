package dev.millpond.ratelimit;

import java.util.Objects;
import java.util.Optional;

/**
 * Who asks: an API key, a network address, or both.
 *
 * <p>Immutable. A key that the {@link TierResolver} does not know gives no bucket of its own: such a client is counted
 * by its address. The text form never shows the key.
 */
public final class Client {

    private static final String NO_ADDRESS = "unknown";

    private final Optional<String> apiKey;
    private final String address;

    private Client(Optional<String> apiKey, String address) {
        this.apiKey = apiKey;
        this.address = Objects.requireNonNull(
                address, "Address of a client is null. Use Client.ofKey(apiKey) if there is none.");
    }

    /** Returns a client known by its key alone; all clients with unknown keys and no address share one bucket. */
    public static Client ofKey(String apiKey) {
        return of(apiKey, NO_ADDRESS);
    }

    /**
     * Returns a client known by its address alone.
     *
     * @param address an IP address, of which an IPv6 client's whole /64 network counts as one; any other text is a name
     *     of its own, and no name is looked up
     */
    public static Client ofAddress(String address) {
        return new Client(Optional.empty(), address);
    }

    /** Returns a client with a key, at an address. */
    public static Client of(String apiKey, String address) {
        Objects.requireNonNull(apiKey, "API key of a client is null. Use Client.ofAddress(address) if there is none.");
        return new Client(Optional.of(apiKey), address);
    }

    /** Returns the key: a secret. */
    public Optional<String> apiKey() {
        return apiKey;
    }

    /** Returns the address; {@code unknown} for a client known by its key alone. */
    public String address() {
        return address;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Client client && apiKey.equals(client.apiKey) && address.equals(client.address);
    }

    @Override
    public int hashCode() {
        return Objects.hash(apiKey, address);
    }

    /** Returns a text without the key. */
    @Override
    public String toString() {
        return "Client[" + (apiKey.isPresent() ? "key=redacted, " : "") + "address=" + address + "]";
    }
}
