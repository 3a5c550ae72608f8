package dev.millpond.ratelimit;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.internal.LimiterBuilder;
import dev.millpond.ratelimit.spi.DecisionListener;
import dev.millpond.ratelimit.spi.DecisionObserver;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Decides whether a client's request may go on.
 *
 * <p>Thread-safe; make one per application. Without a Redis connection the buckets live in this process; with one, all
 * nodes share them. When Redis is away each tier's {@link FailurePolicy} decides; no decision throws because of Redis,
 * and none waits for it longer than the {@linkplain Builder#decisionTimeout decision timeout}. What only operators
 * call, {@link #changeRules} and {@link #forgetTier}, does throw then. Closing it leaves the Redis connection open.
 */
public interface RateLimiter extends AutoCloseable {

    /** Starts a rate limiter; the builder is not thread-safe. */
    static Builder builder() {
        return new LimiterBuilder();
    }

    /** Takes one token of the client with this API key, like {@link #tryAcquire(RateLimitRequest)}. */
    default RateLimitDecision tryAcquire(String apiKey) {
        return tryAcquire(Client.ofKey(apiKey), 1);
    }

    /**
     * Takes tokens of a client, like {@link #tryAcquire(RateLimitRequest)}.
     *
     * @param cost tokens to take; zero or more
     * @throws IllegalArgumentException if the cost is negative
     */
    default RateLimitDecision tryAcquire(Client client, long cost) {
        return tryAcquire(RateLimitRequest.of(client).withCost(cost));
    }

    /**
     * Takes the cost of a request from all its limits if each has enough; a denied request is charged nothing.
     *
     * <p>The decision is that of the tightest limit: one that denies, and of several the one that denies for longest;
     * or else the one with the fewest tokens left. A cost above the capacity of a limit is denied for good.
     *
     * <p>Where tiers {@linkplain Tier#inFlight() limit the requests in flight}, an admitted request takes a place among
     * them as well, and the decision has a {@linkplain RateLimitDecision#permit() permit} to release at its end.
     *
     * <p>Waits for Redis for the {@linkplain Builder#decisionTimeout decision timeout} at most, and for the tier
     * resolver as long as that takes. If Redis gives no answer in time, the {@link FailurePolicy} of each tier decides;
     * whether Redis has charged the request as well is then unknown.
     */
    RateLimitDecision tryAcquire(RateLimitRequest request);

    /**
     * Takes tokens of a client, like {@link #tryAcquireAsync(RateLimitRequest)}.
     *
     * @param cost tokens to take; zero or more
     * @throws IllegalArgumentException if the cost is negative
     */
    default CompletionStage<RateLimitDecision> tryAcquireAsync(Client client, long cost) {
        return tryAcquireAsync(RateLimitRequest.of(client).withCost(cost));
    }

    /**
     * Takes tokens like {@link #tryAcquire(RateLimitRequest)}, without waiting for Redis.
     *
     * <p>The tier of a key not seen lately is resolved on the calling thread. The stage completes on a thread of the
     * Redis client, or of a timer if the time is over, so what depends on it must not block; it never fails because of
     * Redis. To cancel it takes nothing back: the request is charged and listeners are told, but its place among the
     * requests in flight is free again.
     */
    CompletionStage<RateLimitDecision> tryAcquireAsync(RateLimitRequest request);

    /**
     * Takes tokens of a client, and waits for them if need be, like {@link #acquire(RateLimitRequest, Duration)}.
     *
     * @param cost tokens to take; zero or more
     * @throws IllegalArgumentException if the cost or the longest wait is negative
     * @throws InterruptedException if the thread is interrupted while it waits; no token is taken then
     */
    default RateLimitDecision acquire(Client client, long cost, Duration maxWait) throws InterruptedException {
        return acquire(RateLimitRequest.of(client).withCost(cost), maxWait);
    }

    /**
     * Takes tokens like {@link #tryAcquire(RateLimitRequest)}, and waits for them if need be, on the calling thread.
     *
     * <p>Asks again when the decision says that the tokens can be there. It denies at once if that is after the longest
     * wait, or never: a cost above the capacity, or a ban. Whoever else uses the limit may be faster each time, so that
     * a denial may also come after some waiting; a caller that waits is in no queue. A decision itself may take the
     * {@linkplain Builder#decisionTimeout decision timeout} on top. Listeners are told the last decision alone, and how
     * long that took.
     *
     * @param maxWait how long to wait for tokens in all; zero or more
     * @return the decision that allows the request, or the last one that denies it
     * @throws IllegalArgumentException if the longest wait is negative
     * @throws InterruptedException if the thread is interrupted while it waits; no token is taken then
     */
    RateLimitDecision acquire(RateLimitRequest request, Duration maxWait) throws InterruptedException;

    /** Returns what a request of cost 1 of this client would be told, like {@link #peek(RateLimitRequest)}. */
    default RateLimitDecision peek(Client client) {
        return peek(RateLimitRequest.of(client));
    }

    /**
     * Returns what such a request of cost 1 would be told, without taking a token: {@code remaining} still counts the
     * token that the request would take.
     *
     * <p>Waits like {@link #tryAcquire(RateLimitRequest)}; listeners are not told.
     *
     * @param request whose cost does not matter
     */
    RateLimitDecision peek(RateLimitRequest request);

    /**
     * Gives back what a request of this client was charged, like {@link #refund(RateLimitRequest)}.
     *
     * @param cost what the request took; zero or more
     * @throws IllegalArgumentException if the cost is negative
     */
    default RateLimitDecision refund(Client client, long cost) {
        return refund(RateLimitRequest.of(client).withCost(cost));
    }

    /**
     * Gives back what a request was charged, for example because it failed by no fault of the client.
     *
     * <p>No bucket is filled beyond its capacity, unless tokens were {@linkplain #grant granted} before: what has been
     * refilled meanwhile is not given twice. Listeners are not told. If Redis gives no answer within the
     * {@linkplain Builder#decisionTimeout decision timeout}, the returned decision is {@linkplain FailurePolicy
     * degraded}, and whether the tokens came back is unknown.
     *
     * @param request one that was admitted
     * @return what a request of cost 1 would be told then
     */
    RateLimitDecision refund(RateLimitRequest request);

    /**
     * Gives back tokens like {@link #refund(Client, long)}, without waiting for Redis.
     *
     * @throws IllegalArgumentException if the cost is negative
     */
    default CompletionStage<RateLimitDecision> refundAsync(Client client, long cost) {
        return refundAsync(RateLimitRequest.of(client).withCost(cost));
    }

    /**
     * Gives back tokens like {@link #refund(RateLimitRequest)}, without waiting for Redis.
     *
     * <p>The stage completes like that of {@link #tryAcquireAsync(RateLimitRequest)}.
     */
    CompletionStage<RateLimitDecision> refundAsync(RateLimitRequest request);

    /**
     * Adds tokens to all limits of a client, like {@link #grant(RateLimitRequest, long)}.
     *
     * @param tokens zero or more
     * @throws IllegalArgumentException if the number of tokens is negative
     */
    default RateLimitDecision grant(Client client, long tokens) {
        return grant(RateLimitRequest.of(client), tokens);
    }

    /**
     * Adds tokens to all limits of such a request, also beyond their capacity.
     *
     * <p>A limit above its capacity does not refill. Granted tokens stay until they are used, but no longer than 24
     * hours after the last request that was admitted. Waits and fails like {@link #refund(RateLimitRequest)}.
     *
     * @param request whose cost does not matter
     * @param tokens zero or more
     * @return what a request of cost 1 would be told then
     * @throws IllegalArgumentException if the number of tokens is negative
     */
    RateLimitDecision grant(RateLimitRequest request, long tokens);

    /** Makes all limits of a client full, like {@link #reset(RateLimitRequest)}. */
    default RateLimitDecision reset(Client client) {
        return reset(RateLimitRequest.of(client));
    }

    /**
     * Makes all limits of such a request full; also takes away what was granted beyond.
     *
     * <p>Waits and fails like {@link #refund(RateLimitRequest)}.
     *
     * @param request whose cost does not matter
     * @return what a request of cost 1 would be told then
     */
    RateLimitDecision reset(RateLimitRequest request);

    /**
     * Returns the rules in force: the {@linkplain #baseRules base rules}, with what was changed since laid over them.
     */
    RateLimitRules rules();

    /** Returns the rules of this node: those of the {@linkplain Builder#rules builder}, or what replaced them. */
    RateLimitRules baseRules();

    /**
     * Replaces the base rules of this node while the limiter runs, for example because its configuration has changed.
     *
     * <p>What {@link #changeRules} laid over them stays, and still wins. All of the new rules are in force together: a
     * request is decided by the old ones or by the new ones. A tier with another definition keeps of each bucket the
     * share that is used. Other nodes hear nothing of it, and nothing is stored, so each node is to be told.
     *
     * <p>Does not ask Redis.
     *
     * @return the rules in force
     */
    RateLimitRules replaceBaseRules(RateLimitRules rules);

    /**
     * Changes the rules while the limiter runs, on all nodes that share its Redis and namespace; without Redis, on this
     * one.
     *
     * <p>They are in force here when this returns, and on all other nodes within two seconds; also on nodes that start
     * later, until they are changed again. A tier with another definition keeps of each bucket the share that is used.
     * While Redis is away, all nodes go by the last rules that they know.
     *
     * <p>Waits for Redis; not to be called on a thread of the Redis client.
     *
     * @param change is given what was changed so far, without the {@linkplain #baseRules base rules}, and returns what
     *     is to be laid over these from now on. It may be called several times, if other nodes change the rules at the
     *     same time
     * @return the rules in force
     * @throws RateLimitException if Redis does not answer, or holds rules that this node cannot read; whether they were
     *     changed is unknown if no answer came in time. Rules in force stay
     * @throws IllegalArgumentException if the change makes rules that are refused
     */
    RateLimitRules changeRules(UnaryOperator<RateLimitRules> change);

    /**
     * Makes all nodes ask the {@link TierResolver} anew about a client, for example because its plan has changed.
     *
     * <p>They do within two seconds, instead of 30. If the resolver fails then, the tier that it gave before stays.
     *
     * @throws RateLimitException as for {@link #changeRules}
     */
    void forgetTier(Client client);

    /**
     * Tells whether a client carries an API key that nobody has.
     *
     * <p>Asks the {@link TierResolver} unless it has answered lately. False for a client without a key, for a key that
     * rules give a tier, and while the resolver fails.
     */
    boolean hasUnknownKey(Client client);

    /**
     * Returns the digest by which rules know a client: that of its API key, or of its address if it has none.
     *
     * <p>It follows from the {@linkplain Builder#secret secret}, and tells the key to nobody.
     */
    String digestOf(Client client);

    /** Returns how the decisions of this node came about since the limiter was made; does not ask Redis. */
    RateLimitStats stats();

    /**
     * Returns whom the limits of this node denied most often in the last five to ten minutes, the worst first.
     *
     * <p>At most 100, however many clients there are: whoever has clearly more than one in 100 denials is most likely
     * among them. The counts are what is certain, so they may be too low while very many clients are denied. In shadow
     * mode they are of those who would have been denied. Bans do not count, nor does {@link FailurePolicy#DENY}.
     *
     * <p>Does not ask Redis.
     */
    List<DeniedClient> mostDenied();

    /**
     * Returns among how many nodes {@link FailurePolicy#LIMIT_LOCALLY} divides a limit now: those that are
     * {@linkplain Builder#expectedNodes expected}, or else those that are alive, at least 1.
     *
     * <p>Does not ask Redis.
     */
    int nodes();

    /**
     * Frees what the limiter holds and stops following Redis; it must not be used afterwards.
     *
     * <p>Buckets in Redis stay for the other nodes. Tokens that this node was {@linkplain Tier#withLease(long) lent}
     * are given back, and the other nodes no longer count this one; each waits for Redis no longer than a decision
     * does. Closing again does nothing.
     */
    @Override
    void close();

    /**
     * Configures a rate limiter; not thread-safe.
     *
     * <p>Each setting may be given once; giving it again throws {@link IllegalStateException}, and null
     * {@link NullPointerException}. What concerns Redis has no effect on a limiter without a Redis connection.
     */
    interface Builder {

        /**
         * Shares the buckets with other nodes through this Redis; without it they live in this process.
         *
         * @param redis stays open when the limiter is closed
         */
        Builder redis(RedisConnection redis);

        /**
         * Sets how decisions are made in Redis; {@link RedisEngine#SCRIPT} by default.
         *
         * <p>Nodes with either engine share the buckets, so it can be changed node by node while clients go on.
         */
        Builder engine(RedisEngine engine);

        /**
         * Sets the first part of every key in Redis; {@code millpond} by default.
         *
         * @param namespace 1 to 64 letters, digits, dots, hyphens and underscores
         * @throws IllegalArgumentException if it has other characters or another length
         */
        Builder namespace(String namespace);

        /**
         * Sets the secret of the digests under which API keys and addresses are stored; all nodes need the same.
         *
         * <p>Without it, a limiter without Redis makes a random one, and one with Redis derives it from the namespace
         * and logs a warning: whoever reads Redis could then test guesses of API keys.
         *
         * @param secret at least 16 characters
         * @throws IllegalArgumentException if it is shorter
         */
        Builder secret(String secret);

        /** Sets which tier an API key has; by default nobody has one. */
        Builder tierOf(TierResolver resolver);

        /** Sets the tier of clients without a known key, who are counted by address; {@link Tier#FREE} by default. */
        Builder defaultTier(Tier tier);

        /** Sets who is never limited; nobody by default. */
        Builder allowlist(Allowlist allowlist);

        /** Sets who is always denied, unless it is on the allowlist too; nobody by default. */
        Builder denylist(Denylist denylist);

        /** Sets the {@linkplain #baseRules base rules}, which hold from the start; none by default. */
        Builder rules(RateLimitRules rules);

        /** Sets what tiers do while Redis is away; {@link FailurePolicy#LIMIT_LOCALLY} by default. */
        Builder whenRedisIsDown(FailurePolicy policy);

        /** Sets what one tier, known by its name, does while Redis is away; by default the same as all others. */
        Builder whenRedisIsDown(Tier tier, FailurePolicy policy);

        /**
         * Sets among how many nodes {@link FailurePolicy#LIMIT_LOCALLY} divides a limit; by default as many as are
         * alive.
         *
         * <p>Alive are all limiters on the same Redis and namespace for which this is not set, so set it on all nodes
         * or on none. Each says so in Redis once a second. One that is closed is no longer counted within two seconds,
         * one that just ends within seven. While Redis is away the last number stays; a limiter that has not met Redis
         * yet counts itself alone, as one without Redis does.
         *
         * @param nodes at least 1
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder expectedNodes(int nodes);

        /**
         * Sets how long a decision waits for Redis at most; 50 ms by default.
         *
         * <p>Time in which this process stood still, as in a long collection of garbage, does not count, up to ten
         * times the timeout.
         *
         * @param timeout 1 ms to 10 s
         * @throws IllegalArgumentException if it is out of this range
         */
        Builder decisionTimeout(Duration timeout);

        /**
         * Lets {@link dev.millpond.runtime.Switch#RATE_LIMIT} turn all limits off at run time: then every request is
         * allowed, with {@link RateLimitDecision.Outcome#OFF} and without Redis.
         *
         * <p>Less than that is done by {@link RateLimitMode modes}.
         *
         * @param switches stay open when the limiter is closed
         */
        Builder switches(Switches switches);

        /** Turns all limits on or off; on by default. A switch that was set at run time counts in place of this. */
        Builder enabled(boolean enabled);

        /**
         * Sets the source of elapsed time of buckets in this process, and of how long tiers are kept; the system's by
         * default. Buckets in Redis follow the clock of Redis, or with {@link RedisEngine#CAS} the wall clock.
         */
        Builder ticker(Ticker ticker);

        /** Adds a listener that is told every decision; can be used several times. */
        Builder listener(DecisionListener listener);

        /**
         * Sets what surrounds every decision, for example {@link DecisionObservations}; nothing by default.
         *
         * <p>Of {@link #acquire(RateLimitRequest, Duration)} it sees the whole wait as one decision.
         */
        Builder observer(DecisionObserver observer);

        /** Makes the rate limiter; does not wait for Redis. */
        RateLimiter build();
    }
}
