package dev.millpond.benchmarks.scaling;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decisions about requests of clients whose buckets fill so slowly that all of them stay in Redis.
 *
 * @param limiter who decides
 * @param withoutRedis counts decisions that Redis had no part in
 */
record RedisDecisions(RateLimiter limiter, LongAdder withoutRedis) implements NodeOperations {

    private static final Optional<Tier> TIER =
            Optional.of(Tier.of("slow", RateLimit.of(100_000, Duration.ofDays(100))));

    static RedisDecisions open(RedisConnection connection) {
        return new RedisDecisions(limiter(RateLimiter.builder().redis(connection)), new LongAdder());
    }

    /** Returns what stands for each of these API keys in the key of its bucket, and alone decides where that is. */
    static List<String> digests(List<String> apiKeys) {
        try (RateLimiter limiter = limiter(RateLimiter.builder())) {
            return apiKeys.stream().map(Client::ofKey).map(limiter::digestOf).toList();
        }
    }

    private static RateLimiter limiter(RateLimiter.Builder builder) {
        return builder.secret("secret-of-the-benchmarks").tierOf(key -> TIER).build();
    }

    boolean decide(String apiKey) {
        RateLimitDecision decision = limiter.tryAcquire(apiKey);
        if (decision.failurePolicy().isPresent()) {
            withoutRedis.increment();
        }
        return decision.allowed();
    }

    @Override
    public void operate(String key, AnyKey any) {
        decide(key);
    }

    @Override
    public long strays() {
        return withoutRedis.sum();
    }

    @Override
    public void close() {
        limiter.close();
    }
}
