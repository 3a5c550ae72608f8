package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.spi.IpAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client of one request, with the digests under which it is known; each is made when it is first needed.
 *
 * <p>Not thread-safe.
 */
final class Caller {

    private final Client client;
    private final BucketNames names;
    private @Nullable String keyDigest;
    private @Nullable String addressDigest;

    Caller(Client client, BucketNames names) {
        this.client = client;
        this.names = names;
    }

    Client client() {
        return client;
    }

    Optional<String> apiKey() {
        return client.apiKey();
    }

    /** Returns the address; empty if it is not one of IP. */
    Optional<IpAddress> address() {
        return IpAddress.parse(client.address());
    }

    /** Returns the digest of the key; empty if there is none. */
    Optional<String> keyDigest() {
        if (keyDigest == null) {
            keyDigest = client.apiKey().map(names::digestOfKey).orElse(null);
        }
        return Optional.ofNullable(keyDigest);
    }

    /** Returns the digest of what the client is counted by if its key is not known. */
    String addressDigest() {
        if (addressDigest == null) {
            addressDigest = names.digestOfAddress(IpAddress.groupOf(client.address()));
        }
        return addressDigest;
    }

    /** Returns the digest of the key, or else of the address. */
    String digest() {
        return keyDigest().orElseGet(this::addressDigest);
    }
}
