package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.DeniedClient;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.internal.Patience.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The path of a decision: switches and lists, tier and mode, buckets. */
final class TieredRateLimiter implements RateLimiter {

    private final BucketOwners owners;
    private final ChangingRules rules;
    private final UncountedDecisions uncounted;
    private final RequestBuckets buckets;
    private final LookUps lookUps;
    private final Counting counting;
    private final Listeners listeners;
    private final Observers observers;
    private final MostDenied mostDenied;
    private final Patience patience;
    private final Ticker ticker;

    TieredRateLimiter(
            BucketOwners owners,
            ChangingRules rules,
            UncountedDecisions uncounted,
            RequestBuckets buckets,
            LookUps lookUps,
            Counting counting,
            Listeners listeners,
            Observers observers,
            MostDenied mostDenied,
            Patience patience,
            Ticker ticker) {
        this.owners = owners;
        this.rules = rules;
        this.uncounted = uncounted;
        this.buckets = buckets;
        this.lookUps = lookUps;
        this.counting = counting;
        this.listeners = listeners;
        this.observers = observers;
        this.mostDenied = mostDenied;
        this.patience = patience;
        this.ticker = ticker;
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitRequest request) {
        return observers
                .observe(() -> attempt(request, counting::takeAndWait, this::report))
                .toCompletableFuture()
                .join();
    }

    @Override
    public CompletionStage<RateLimitDecision> tryAcquireAsync(RateLimitRequest request) {
        return Stages.handedOver(
                observers.observe(() -> attempt(request, counting::take, this::report)),
                unheard -> unheard.permit().ifPresent(Permit::release));
    }

    @Override
    public RateLimitDecision acquire(RateLimitRequest request, Duration maxWait) throws InterruptedException {
        Objects.requireNonNull(maxWait, "Longest wait for tokens is null. Use Duration.ZERO not to wait.");
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("Longest wait for tokens is " + maxWait
                    + ", must be 0 or more. Use Duration.ZERO, or tryAcquire, not to wait.");
        }
        return observers.observeWaiting(() -> report(patience.lastOf(
                () -> attempt(request, counting::takeAndWait, Function.identity())
                        .toCompletableFuture()
                        .join(),
                maxWait)));
    }

    private RateLimitDecision report(Attempt attempt) {
        mostDenied.note(attempt.digest(), attempt.decision(), attempt.begunAt());
        return listeners.report(attempt.decision(), attempt.begunAt());
    }

    private <T> CompletionStage<T> attempt(RateLimitRequest asked, Counting.Taking taking, Function<Attempt, T> then) {
        long begunAt = ticker.read();
        RuledRequest request = ruled(asked, begunAt);
        Optional<RateLimitDecision> decided = uncounted.decide(request);
        if (decided.isPresent()) {
            return CompletableFuture.completedFuture(then.apply(new Attempt(decided.get(), "", begunAt)));
        }
        BucketsByMode charged = bucketsToCharge(request);
        CompletionStage<RateLimitDecision> decision = charged.askInTurn(
                some -> taking.take(some, request.cost()), some -> counting.takeWithoutEngine(some, request.cost()));
        RateLimitDecision known = Stages.nowOrNull(decision);
        return known == null
                ? decision.thenApply(later -> then.apply(new Attempt(later, charged.digest(), begunAt)))
                : CompletableFuture.completedFuture(then.apply(new Attempt(known, charged.digest(), begunAt)));
    }

    /** Nobody looks a key up, and it counts as unknown, while that is known to deny the request. */
    private BucketsByMode bucketsToCharge(RuledRequest request) {
        if (buckets.hasUnseenKey(request)) {
            BucketsByMode unknown = BucketsByMode.of(buckets.asIfUnknown(request), request);
            if (!mayLookUp(unknown.enforced(), request.cost())) {
                return unknown;
            }
        }
        return bucketsOf(request);
    }

    private boolean mayLookUp(List<TierBucket> ofAddress, long cost) {
        return counting.canNeverAdmit(ofAddress, cost)
                ? lookUps.allowed(ofAddress)
                : !counting.isKnownToDeny(ofAddress, cost);
    }

    private RuledRequest ruled(RateLimitRequest request, long at) {
        return RuledRequest.of(request, owners, rules.book(), at);
    }

    private BucketsByMode bucketsOf(RuledRequest request) {
        return BucketsByMode.of(buckets.of(request), request);
    }

    @Override
    public RateLimitDecision peek(RateLimitRequest request) {
        return told(request, counting.engine()::peek).toCompletableFuture().join();
    }

    @Override
    public RateLimitDecision refund(RateLimitRequest request) {
        return refundAsync(request).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<RateLimitDecision> refundAsync(RateLimitRequest request) {
        return told(request, (bucket, limits) -> counting.engine().refund(bucket, limits, request.cost()));
    }

    /** Asks something of what the request is counted by, if it is counted. */
    private CompletionStage<RateLimitDecision> told(RateLimitRequest asked, Counting.Question question) {
        RuledRequest request = ruled(asked, ticker.read());
        Optional<RateLimitDecision> decided = uncounted.decide(request);
        return decided.isPresent()
                ? CompletableFuture.completedFuture(decided.get())
                : bucketsOf(request).askCounted(some -> counting.ask(some, question));
    }

    @Override
    public RateLimitDecision grant(RateLimitRequest request, long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("Number of granted tokens is " + tokens
                    + ", must be 0 or more. Use reset(client) to take granted tokens away.");
        }
        return changed(request, (bucket, limits) -> counting.engine().grant(bucket, limits, tokens));
    }

    @Override
    public RateLimitDecision reset(RateLimitRequest request) {
        return changed(request, counting.engine()::reset);
    }

    /** Changes all buckets of a request, also of one that is not counted at the moment. */
    private RateLimitDecision changed(RateLimitRequest asked, Counting.Question change) {
        RuledRequest request = ruled(asked, ticker.read());
        RateLimitDecision counted = bucketsOf(request)
                .askAll(some -> counting.ask(some, change))
                .toCompletableFuture()
                .join();
        return uncounted.decide(request).orElse(counted);
    }

    @Override
    public RateLimitRules rules() {
        return rules.book().rules();
    }

    @Override
    public RateLimitRules baseRules() {
        return rules.inForce().base();
    }

    @Override
    public RateLimitRules replaceBaseRules(RateLimitRules base) {
        Objects.requireNonNull(
                base, "Base rules of a rate limiter are null. Use RateLimitRules.none() to take all back.");
        return rules.inForce().replaceBase(base);
    }

    @Override
    public RateLimitRules changeRules(UnaryOperator<RateLimitRules> change) {
        Objects.requireNonNull(
                change, "Change of rate-limit rules is null. Use for example rules -> rules.withBan(digest).");
        rules.change(change);
        return rules();
    }

    @Override
    public void forgetTier(Client client) {
        rules.doubtTierOf(digestOf(client));
    }

    @Override
    public boolean hasUnknownKey(Client client) {
        return buckets.hasUnknownKey(ruled(RateLimitRequest.of(client), ticker.read()));
    }

    @Override
    public String digestOf(Client client) {
        Objects.requireNonNull(client, "Client is null. Use for example Client.ofAddress(address).");
        return new Caller(client, owners).digest();
    }

    @Override
    public int nodes() {
        return counting.nodes();
    }

    @Override
    public RateLimitStats stats() {
        return counting.engine().stats();
    }

    @Override
    public List<DeniedClient> mostDenied() {
        return mostDenied.clients();
    }

    @Override
    public void close() {
        rules.close();
        counting.close();
    }
}
