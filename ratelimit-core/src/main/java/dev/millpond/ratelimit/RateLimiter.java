package dev.millpond.ratelimit;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Decides whether a client's request may go on.
 *
 * <p>Thread-safe; make one per application. Without a Redis connection the buckets live in this process; with one, all
 * nodes share them. When Redis is away each tier's {@link FailurePolicy} decides; no method throws because of Redis,
 * and none waits for it longer than the decision budget. Closing it leaves the Redis connection open.
 */
public interface RateLimiter extends AutoCloseable {

    /** Starts a rate limiter; not thread-safe. */
    @SuppressWarnings("DoNotCallSuggester")
    static Builder builder() {
        throw new IllegalStateException("skeleton");
    }

    /** Takes one token of the client with this API key. */
    default RateLimitDecision tryAcquire(String apiKey) {
        return tryAcquire(Client.ofKey(apiKey), 1);
    }

    /**
     * Takes tokens if the client has enough; a denied request is charged nothing.
     *
     * @param cost tokens to take; zero or more. More than the tier's capacity is denied for good
     * @throws IllegalArgumentException if the cost is negative
     */
    RateLimitDecision tryAcquire(Client client, long cost);

    /** Takes tokens like {@link #tryAcquire(Client, long)}, without blocking the caller. */
    CompletionStage<RateLimitDecision> tryAcquireAsync(Client client, long cost);

    /** Returns what a request of cost 1 would be told, without taking a token. */
    RateLimitDecision peek(Client client);

    /** Frees what the limiter holds. */
    @Override
    void close();

    /** Configures a rate limiter; not thread-safe. */
    interface Builder {

        /** Shares the buckets with other nodes through this Redis; without it they live in this process. */
        Builder redis(RedisConnection redis);

        /** Sets the first part of every key in Redis; {@code millpond} by default. */
        Builder namespace(String namespace);

        /** Sets the key of the digests under which API keys and addresses are stored; at least 16 characters. */
        Builder secret(String secret);

        /** Sets which tier an API key has; by default nobody has one. */
        Builder tierOf(TierResolver resolver);

        /** Sets the tier of clients without a known key, who are counted by address; {@link Tier#FREE} by default. */
        Builder defaultTier(Tier tier);

        /** Sets who is never limited; nobody by default. */
        Builder allowlist(Allowlist allowlist);

        /** Sets what happens while Redis is away; {@link FailurePolicy#LIMIT_LOCALLY} by default. */
        Builder whenRedisIsDown(FailurePolicy policy);

        /** Sets among how many nodes {@link FailurePolicy#LIMIT_LOCALLY} divides a limit; 1 by default. */
        Builder expectedNodes(int nodes);

        /** Sets how long a decision waits for Redis at most; 50 ms by default. */
        Builder decisionTimeout(Duration timeout);

        /** Sets the source of elapsed time of buckets in this process; the system's by default. */
        Builder ticker(Ticker ticker);

        /** Makes the rate limiter. */
        RateLimiter build();
    }
}
