package dev.millpond.spring.internal.endpoint;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sent; each part may be missing.
 *
 * @param key an API key: a secret
 * @param address an address, or a network where rules are meant
 * @param digest by which rules know a client
 */
record OperatorRequest(
        @Nullable String action,
        @Nullable String key,
        @Nullable String address,
        @Nullable String digest,
        @Nullable String tokens,
        @Nullable String tier,
        @Nullable String route,
        @Nullable String mode,
        @Nullable String until) {

    /** Returns the client; one with a key and an address if both are given. */
    Client client() {
        if (key != null) {
            return address == null ? Client.ofKey(key) : Client.of(key, address);
        }
        return Client.ofAddress(needed("key' or 'address", address, "who the client is"));
    }

    /** Returns by what rules know the client: a digest or a network. */
    String known(RateLimiter limiter) {
        if (digest != null) {
            return digest;
        }
        return address != null && address.contains("/") ? address : limiter.digestOf(client());
    }

    /**
     * Returns what an action cannot do without.
     *
     * @throws IllegalArgumentException if it is not there
     */
    String needed(String name, @Nullable String value, String meaning) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "Action '" + action + "' needs '" + name + "', which is not set. Send " + meaning + ".");
        }
        return value;
    }

    /** Returns a text without the key. */
    @Override
    public String toString() {
        return "OperatorRequest[action=" + action + "]";
    }
}
