package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRequest.NamedLimit;
import dev.millpond.ratelimit.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the buckets of a request: those of its client, and one per named limit.
 *
 * <p>A client has one bucket per known key; everybody else has one per address. So a caller who makes up keys gets no
 * buckets for them.
 */
final class RequestBuckets {

    private final TierLookup tiers;
    private final Tier defaultTier;
    private final BucketOwners owners;

    RequestBuckets(TierLookup tiers, Tier defaultTier, BucketOwners owners) {
        this.tiers = tiers;
        this.defaultTier = defaultTier;
        this.owners = owners;
    }

    /** Returns each bucket once, that of the client first. */
    List<TierBucket> of(RuledRequest request) {
        Caller caller = request.counted();
        return of(request, caller == null ? null : ownBucket(caller, request));
    }

    /** Returns the buckets as if nobody had the key of the client, without looking it up. */
    List<TierBucket> asIfUnknown(RuledRequest request) {
        Caller caller = request.counted();
        return of(request, caller == null ? null : bucketOfAddress(caller, request.rules()));
    }

    private List<TierBucket> of(RuledRequest request, @Nullable OwnedBucket own) {
        RateLimitRequest asked = request.request();
        if (own != null && asked.further().isEmpty() && asked.named().isEmpty()) {
            return List.of(own.bucket());
        }
        RuleBook rules = request.rules();
        List<TierBucket> buckets = new ArrayList<>();
        if (own != null) {
            buckets.add(own.bucket());
            asked.further().forEach(tier -> addOnce(buckets, own.owner().further(rules.defined(tier))));
        }
        for (NamedLimit limit : asked.named()) {
            addOnce(buckets, owners.ofName(limit.name()).bucket(rules.defined(limit.tier())));
        }
        return buckets;
    }

    private static void addOnce(List<TierBucket> buckets, TierBucket further) {
        if (!buckets.contains(further)) {
            buckets.add(further);
        }
    }

    private OwnedBucket ownBucket(Caller caller, RuledRequest request) {
        BucketOwner owner = caller.ofKey();
        Optional<Tier> tier = owner == null ? Optional.empty() : tierOfKey(caller, owner, request);
        return owner == null || tier.isEmpty()
                ? bucketOfAddress(caller, request.rules())
                : OwnedBucket.of(owner, tier.get(), request.rules());
    }

    private Optional<Tier> tierOfKey(Caller caller, BucketOwner owner, RuledRequest request) {
        Optional<Tier> ruled = request.rules().tierOf(owner.digest());
        return ruled.isPresent() ? ruled : tiers.tierOf(caller.client().apiKey().orElseThrow(), owner, request.at());
    }

    /** Tells whether a request of an IP address has a key that somebody would have to look up. */
    boolean hasUnseenKey(RuledRequest request) {
        Caller caller = request.counted();
        return caller != null && isUnseen(caller, request) && caller.address().isPresent();
    }

    private boolean isUnseen(Caller caller, RuledRequest request) {
        BucketOwner owner = caller.ofKey();
        return owner != null
                && request.rules().tierOf(owner.digest()).isEmpty()
                && !tiers.remembers(owner, request.at());
    }

    boolean hasUnknownKey(RuledRequest request) {
        Caller caller = request.caller();
        return caller != null && isUnknown(caller, request);
    }

    private boolean isUnknown(Caller caller, RuledRequest request) {
        BucketOwner owner = caller.ofKey();
        return owner != null
                && request.rules().tierOf(owner.digest()).isEmpty()
                && tiers.isUnknown(caller.client().apiKey().orElseThrow(), owner, request.at());
    }

    private OwnedBucket bucketOfAddress(Caller caller, RuleBook rules) {
        BucketOwner owner = caller.ofAddress();
        return OwnedBucket.of(owner, rules.tierOf(owner.digest()).orElse(defaultTier), rules);
    }

    private record OwnedBucket(BucketOwner owner, TierBucket bucket) {

        static OwnedBucket of(BucketOwner owner, Tier tier, RuleBook rules) {
            return new OwnedBucket(owner, owner.bucket(rules.defined(tier)));
        }
    }
}
