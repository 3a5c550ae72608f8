package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.spi.IpAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client of one request, with the owners of buckets that it can be; each is found when it is first needed.
 *
 * <p>Not thread-safe.
 */
final class Caller {

    private final Client client;
    private final BucketOwners owners;
    private @Nullable BucketOwner ofKey;
    private @Nullable BucketOwner ofAddress;

    Caller(Client client, BucketOwners owners) {
        this.client = client;
        this.owners = owners;
    }

    Client client() {
        return client;
    }

    /** Returns the address; empty if it is not one of IP. */
    Optional<IpAddress> address() {
        return IpAddress.parse(client.address());
    }

    /** Returns the owner that has the key; null if there is none. */
    @Nullable
    BucketOwner ofKey() {
        if (ofKey == null && client.apiKey().isPresent()) {
            ofKey = owners.ofKey(client.apiKey().get());
        }
        return ofKey;
    }

    /** Returns the owner as whom the client is counted if its key is not known. */
    BucketOwner ofAddress() {
        if (ofAddress == null) {
            ofAddress = owners.ofAddress(client.address());
        }
        return ofAddress;
    }

    /** Returns the digest of the key, or else of the address. */
    String digest() {
        BucketOwner key = ofKey();
        return (key == null ? ofAddress() : key).digest();
    }
}
