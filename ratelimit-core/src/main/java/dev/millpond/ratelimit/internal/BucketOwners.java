package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.ratelimit.internal.SipHash.Fingerprint;
import dev.millpond.ratelimit.spi.IpAddress;

/**
 * Finds whom buckets belong to; thread-safe.
 *
 * <p>A digest takes about as long as all the rest of a decision in this process, so owners are remembered: by a
 * fingerprint of the text under a random key that never leaves this process, and not by the text itself. So no API key
 * stays in memory after its request, and nobody can make up texts that meet in one place. Whoever sends many texts
 * pushes out others that come as seldom; these cost a digest when they come again, and nothing else.
 */
final class BucketOwners {

    /** Owners remembered at most, about 23 MB. */
    static final long MAXIMUM_OWNERS = 50_000;

    private final BucketNames names;
    private final SipHash keys = SipHash.random();
    private final SipHash addresses = SipHash.random();
    private final SipHash otherNames = SipHash.random();
    private final Cache<Fingerprint, BucketOwner> owners =
            Caffeine.newBuilder().maximumSize(MAXIMUM_OWNERS).build();

    BucketOwners(BucketNames names) {
        this.names = names;
    }

    BucketOwner ofKey(String apiKey) {
        Fingerprint key = keys.of(apiKey);
        BucketOwner known = owners.getIfPresent(key);
        return known != null ? known : remember(key, names.digestOfKey(apiKey));
    }

    /** Returns the owner as whom all clients at an address without a known key are counted. */
    BucketOwner ofAddress(String address) {
        Fingerprint key = addresses.of(address);
        BucketOwner known = owners.getIfPresent(key);
        return known != null ? known : remember(key, names.digestOfAddress(IpAddress.groupOf(address)));
    }

    BucketOwner ofName(String name) {
        Fingerprint key = otherNames.of(name);
        BucketOwner known = owners.getIfPresent(key);
        return known != null ? known : remember(key, names.digestOfName(name));
    }

    /** Only of who is not known: to look up with a function would make one for each request. */
    private BucketOwner remember(Fingerprint key, String digest) {
        return owners.get(key, absent -> new BucketOwner(names, digest));
    }

    /** Returns about how many owners are remembered. */
    long size() {
        owners.cleanUp();
        return owners.estimatedSize();
    }
}
