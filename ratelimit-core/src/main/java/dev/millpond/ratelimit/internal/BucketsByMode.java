package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitMode.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The buckets of a request that count, apart by what their answer does: those that are only watched must not keep the
 * others from being charged.
 *
 * @param digest of the first bucket, which is that of the client if the request has one
 * @param enforced buckets whose denial counts
 * @param shadow buckets whose denial is only told
 * @param off buckets that do not count at the moment
 */
record BucketsByMode(String digest, List<TierBucket> enforced, List<TierBucket> shadow, List<TierBucket> off) {

    /** Decides on some buckets together. */
    interface Question extends Function<List<TierBucket>, CompletionStage<RateLimitDecision>> {}

    static BucketsByMode of(List<TierBucket> buckets, RuledRequest request) {
        String digest = buckets.get(0).digest();
        if (areEnforced(buckets, digest, request)) {
            return new BucketsByMode(digest, buckets, List.of(), List.of());
        }
        return new BucketsByMode(
                digest,
                ofKind(Kind.ENFORCE, buckets, digest, request),
                ofKind(Kind.SHADOW, buckets, digest, request),
                ofKind(Kind.OFF, buckets, digest, request));
    }

    /** Tells whether all are, as nearly always. */
    private static boolean areEnforced(List<TierBucket> buckets, String digest, RuledRequest request) {
        for (int i = 0; i < buckets.size(); i++) {
            if (kindOf(buckets.get(i), digest, request) != Kind.ENFORCE) {
                return false;
            }
        }
        return true;
    }

    private static List<TierBucket> ofKind(Kind kind, List<TierBucket> buckets, String digest, RuledRequest request) {
        return buckets.stream()
                .filter(bucket -> kindOf(bucket, digest, request) == kind)
                .toList();
    }

    private static Kind kindOf(TierBucket bucket, String digest, RuledRequest request) {
        return request.rules().kindOf(request.route(), bucket.tier(), digest);
    }

    /**
     * Asks the enforced buckets, and only if these admit the others, since who does not pass is not counted.
     *
     * @param withoutRedis asked of the others if Redis gave no answer already: nobody waits for it twice
     */
    CompletionStage<RateLimitDecision> askInTurn(Question question, Question withoutRedis) {
        if (shadow.isEmpty() && !enforced.isEmpty()) {
            return question.apply(enforced);
        }
        return ask(enforced, question)
                .thenCompose(decision -> decision.filter(denied -> !denied.allowed())
                        .map(CompletableFuture::completedStage)
                        .orElseGet(() -> ask(shadow, isDegraded(decision) ? withoutRedis : question)
                                .thenApply(watched -> join(decision, watched))));
    }

    private static boolean isDegraded(Optional<RateLimitDecision> decision) {
        return decision.flatMap(RateLimitDecision::failurePolicy).isPresent();
    }

    /** Asks all buckets that count. */
    CompletionStage<RateLimitDecision> askCounted(Question question) {
        return ask(enforced, question).thenCombine(ask(shadow, question), this::join);
    }

    /** Asks all buckets, and answers like {@link #askCounted}. */
    CompletionStage<RateLimitDecision> askAll(Question question) {
        return askCounted(question).thenCombine(ask(off, question), (counted, ignored) -> counted);
    }

    private static CompletionStage<Optional<RateLimitDecision>> ask(List<TierBucket> buckets, Question question) {
        return buckets.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : question.apply(buckets).thenApply(Optional::of);
    }

    /** A denial answers before an admission, and what is enforced before what is watched; places are of both. */
    private RateLimitDecision join(Optional<RateLimitDecision> decided, Optional<RateLimitDecision> watched) {
        boolean onlyTold = decided.map(RateLimitDecision::allowed).orElse(true)
                && watched.filter(decision -> !decision.outcome().allowed()).isPresent();
        return (onlyTold ? Optional.<RateLimitDecision>empty() : decided)
                .or(() -> watched.map(RateLimitDecision::inShadow))
                .orElseGet(() -> Decisions.off(off.get(0).tier()))
                .withPermit(Permits.both(
                        decided.flatMap(RateLimitDecision::permit), watched.flatMap(RateLimitDecision::permit)));
    }
}
