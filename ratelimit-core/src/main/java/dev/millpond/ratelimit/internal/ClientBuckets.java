package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.IpAddress;
import java.util.Optional;

/**
 * Finds the bucket of a client: one per known key, and one per address for everybody else.
 *
 * <p>So a caller who makes up keys gets no buckets for them.
 */
final class ClientBuckets {

    private final TierLookup tiers;
    private final Tier defaultTier;
    private final BucketNames names;

    ClientBuckets(TierLookup tiers, Tier defaultTier, BucketNames names) {
        this.tiers = tiers;
        this.defaultTier = defaultTier;
        this.names = names;
    }

    ClientBucket of(Client client) {
        return client.apiKey().flatMap(this::ofKnownKey).orElseGet(() -> ofAddress(client.address()));
    }

    private Optional<ClientBucket> ofKnownKey(String apiKey) {
        String digest = names.digestOfKey(apiKey);
        return tiers.tierOf(apiKey, digest).map(tier -> new ClientBucket(tier, names.bucket(digest, tier)));
    }

    private ClientBucket ofAddress(String address) {
        String digest = names.digestOfAddress(IpAddress.groupOf(address));
        return new ClientBucket(defaultTier, names.bucket(digest, defaultTier));
    }
}
