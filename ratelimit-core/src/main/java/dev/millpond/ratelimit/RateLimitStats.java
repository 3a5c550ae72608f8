package dev.millpond.ratelimit;

import java.time.Duration;

/**
 * How a rate limiter came to its decisions on this node since it was made; immutable.
 *
 * <p>What is asked of a bucket in Redis is answered by Redis, or here: on tokens that this node was
 * {@linkplain Tier#withLease(long) lent}, or from memory, where it knows that Redis would deny. An answer is one for
 * all buckets of a request if they are asked together, and else one for each; {@linkplain RateLimiter#peek looks at}
 * buckets count as well. Requests that got no answer are in none of the counts. Without Redis all of them are zero.
 *
 * @param redisAnswers answers of Redis
 * @param redisCalls calls in which Redis gave them: those who wait for the same buckets go together. With
 *     {@link RedisEngine#CAS} a call is several commands
 * @param largestCall the most answers of one call, in the last one to two minutes
 * @param leaseAnswers requests admitted on tokens that this node was lent, without a call
 * @param leaseTokens tokens taken for these, also if they were refunded later
 * @param memoryAnswers requests denied from memory, without a call
 * @param degradedTime for how long this node decided without Redis: from a request that Redis did not answer, or not in
 *     time, until it answers again or is found to be back. If nobody asks any more, and Redis does not seem to be away,
 *     one such request counts as a second
 */
public record RateLimitStats(
        long redisAnswers,
        long redisCalls,
        long largestCall,
        long leaseAnswers,
        long leaseTokens,
        long memoryAnswers,
        Duration degradedTime) {

    /** Returns the counts of a limiter that has asked nobody. */
    public static RateLimitStats none() {
        return new RateLimitStats(0, 0, 0, 0, 0, 0, Duration.ZERO);
    }
}
