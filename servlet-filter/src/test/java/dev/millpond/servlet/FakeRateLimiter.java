package dev.millpond.servlet;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.DeniedClient;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimitStats;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A rate limiter that gives the answers it was told to, and remembers what it was asked. */
public final class FakeRateLimiter implements RateLimiter {

    public final List<RateLimitRequest> requests = Collections.synchronizedList(new ArrayList<>());
    public final List<Client> clients = Collections.synchronizedList(new ArrayList<>());
    public final List<Long> costs = Collections.synchronizedList(new ArrayList<>());
    public final List<Long> refunds = Collections.synchronizedList(new ArrayList<>());
    private final RateLimitDecision answer;

    private FakeRateLimiter(RateLimitDecision answer) {
        this.answer = answer;
    }

    public static FakeRateLimiter answering(RateLimitDecision answer) {
        return new FakeRateLimiter(answer);
    }

    /** Returns a limiter that allows all, with 11 tokens of the free tier left. */
    public static FakeRateLimiter allowing() {
        return answering(decision(Outcome.ALLOWED, Tier.FREE, 11, 6));
    }

    /** Returns a limiter that denies all, with the next token of the free tier 6 s away. */
    public static FakeRateLimiter denying() {
        return answering(denied(Tier.FREE, 0, Duration.ofSeconds(6), Duration.ofSeconds(6)));
    }

    public static RateLimitDecision decision(Outcome outcome, Tier tier, long remaining, long secondsToNextToken) {
        return new RateLimitDecision(
                outcome, tier, remaining, Optional.of(Duration.ofSeconds(secondsToNextToken)), Optional.empty());
    }

    public static RateLimitDecision denied(Tier tier, long remaining, Duration nextToken, Duration retryAfter) {
        return new RateLimitDecision(Outcome.DENIED, tier, remaining, Optional.of(nextToken), Optional.of(retryAfter));
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitRequest request) {
        requests.add(request);
        clients.add(request.client().orElseThrow());
        costs.add(request.cost());
        return answer;
    }

    @Override
    public CompletionStage<RateLimitDecision> tryAcquireAsync(RateLimitRequest request) {
        return CompletableFuture.completedFuture(tryAcquire(request));
    }

    @Override
    public RateLimitDecision acquire(RateLimitRequest request, Duration maxWait) {
        return tryAcquire(request);
    }

    @Override
    public RateLimitDecision peek(RateLimitRequest request) {
        return answer;
    }

    @Override
    public RateLimitDecision refund(RateLimitRequest request) {
        refunds.add(request.cost());
        return answer;
    }

    @Override
    public CompletionStage<RateLimitDecision> refundAsync(RateLimitRequest request) {
        return CompletableFuture.completedFuture(refund(request));
    }

    @Override
    public RateLimitDecision grant(RateLimitRequest request, long tokens) {
        return answer;
    }

    @Override
    public RateLimitDecision reset(RateLimitRequest request) {
        return answer;
    }

    @Override
    public RateLimitRules rules() {
        return RateLimitRules.none();
    }

    @Override
    public RateLimitRules baseRules() {
        return RateLimitRules.none();
    }

    @Override
    public RateLimitRules replaceBaseRules(RateLimitRules rules) {
        return rules;
    }

    @Override
    public RateLimitRules changeRules(UnaryOperator<RateLimitRules> change) {
        return change.apply(rules());
    }

    @Override
    public void forgetTier(Client client) {}

    @Override
    public int nodes() {
        return 1;
    }

    @Override
    public boolean hasUnknownKey(Client client) {
        return client.apiKey().filter(key -> key.startsWith("made-up")).isPresent();
    }

    @Override
    public String digestOf(Client client) {
        return "digest-of-some-client-";
    }

    @Override
    public RateLimitStats stats() {
        return RateLimitStats.none();
    }

    @Override
    public List<DeniedClient> mostDenied() {
        return List.of();
    }

    @Override
    public void close() {}
}
