package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitRequest.NamedLimit;
import dev.millpond.ratelimit.Tier;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds the buckets of a request: those of its client, and one per named limit.
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
    List<TierBucket> of(RuledRequest request) {
        return of(request, caller -> ofCaller(caller, request.rules()));
    }

    /** Returns the buckets as if nobody had the key of the client, without looking it up. */
    List<TierBucket> asIfUnknown(RuledRequest request) {
        return of(request, caller -> ofAddress(caller.addressDigest(), request.rules()));
    }

    private List<TierBucket> of(RuledRequest request, Function<Caller, TierBucket> own) {
        RuleBook rules = request.rules();
        return Stream.concat(
                        counted(request)
                                .map(own)
                                .map(bucket -> with(bucket, request.request().further(), rules))
                                .orElseGet(Stream::empty),
                        request.request().named().stream().map(limit -> ofName(limit, rules)))
                .distinct()
                .toList();
    }

    /** Returns the client if it is counted by a tier of its own. */
    private static Optional<Caller> counted(RuledRequest request) {
        return request.caller().filter(caller -> request.request().passesOwnTier());
    }

    private Stream<TierBucket> with(TierBucket own, List<Tier> further, RuleBook rules) {
        return Stream.concat(Stream.of(own), further.stream().map(tier -> bucket(own.digest(), tier, rules)));
    }

    private TierBucket ofCaller(Caller caller, RuleBook rules) {
        return caller.keyDigest()
                .flatMap(digest -> tierOfKey(caller, digest, rules).map(tier -> bucket(digest, tier, rules)))
                .orElseGet(() -> ofAddress(caller.addressDigest(), rules));
    }

    private Optional<Tier> tierOfKey(Caller caller, String digest, RuleBook rules) {
        return rules.tierOf(digest).or(() -> caller.apiKey().flatMap(key -> tiers.tierOf(key, digest)));
    }

    /** Tells whether a request of an IP address has a key that somebody would have to look up. */
    boolean hasUnseenKey(RuledRequest request) {
        return counted(request)
                .filter(caller -> isUnseen(caller, request.rules()))
                .flatMap(Caller::address)
                .isPresent();
    }

    private boolean isUnseen(Caller caller, RuleBook rules) {
        return caller.keyDigest()
                .filter(digest -> rules.tierOf(digest).isEmpty() && !tiers.remembers(digest))
                .isPresent();
    }

    boolean hasUnknownKey(RuledRequest request) {
        return request.caller()
                .map(caller -> hasUnknownKey(caller, request.rules()))
                .orElse(false);
    }

    private boolean hasUnknownKey(Caller caller, RuleBook rules) {
        return caller.keyDigest()
                .filter(digest -> rules.tierOf(digest).isEmpty())
                .flatMap(digest -> caller.apiKey().map(key -> tiers.isUnknown(key, digest)))
                .orElse(false);
    }

    private TierBucket ofAddress(String digest, RuleBook rules) {
        return bucket(digest, rules.tierOf(digest).orElse(defaultTier), rules);
    }

    private TierBucket ofName(NamedLimit limit, RuleBook rules) {
        return bucket(names.digestOfName(limit.name()), limit.tier(), rules);
    }

    private TierBucket bucket(String digest, Tier tier, RuleBook rules) {
        return new TierBucket(rules.defined(tier), digest, names.bucket(digest, tier));
    }
}
