package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRequest.NamedLimit;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the buckets of a request: that of its client, and one per named limit.
 *
 * <p>A client has one bucket per known key; everybody else has one per address. So a caller who makes up keys gets no
 * buckets for them.
 */
final class RequestBuckets {

    private final TierLookup tiers;
    private final Tier defaultTier;
    private final BucketNames names;

    RequestBuckets(TierLookup tiers, Tier defaultTier, BucketNames names) {
        this.tiers = tiers;
        this.defaultTier = defaultTier;
        this.names = names;
    }

    /** Returns each bucket once, that of the client first. */
    List<TierBucket> of(RateLimitRequest request) {
        return Stream.concat(
                        request.client().map(this::ofClient).stream(),
                        request.named().stream().map(this::ofName))
                .distinct()
                .toList();
    }

    private TierBucket ofClient(Client client) {
        return client.apiKey().flatMap(this::ofKnownKey).orElseGet(() -> ofAddress(client.address()));
    }

    private Optional<TierBucket> ofKnownKey(String apiKey) {
        String digest = names.digestOfKey(apiKey);
        return tiers.tierOf(apiKey, digest).map(tier -> bucket(digest, tier));
    }

    private TierBucket ofAddress(String address) {
        return bucket(names.digestOfAddress(IpAddress.groupOf(address)), defaultTier);
    }

    private TierBucket ofName(NamedLimit limit) {
        return bucket(names.digestOfName(limit.name()), limit.tier());
    }

    private TierBucket bucket(String digest, Tier tier) {
        return new TierBucket(tier, names.bucket(digest, tier));
    }
}
