package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.peers.Machine;
import java.util.List;
import java.util.Map;

/** Who limits. */
final class LimitPeers {

    static final String MILLPOND = "Millpond";
    static final String BUCKET4J_REDISSON = "Bucket4j on Redisson";
    static final String BUCKET4J_REDISSON_BATCHING = "Bucket4j on Redisson, batching";
    static final String BUCKET4J_LETTUCE = "Bucket4j on Lettuce";
    static final String BUCKET4J_LETTUCE_BATCHING = "Bucket4j on Lettuce, batching";
    static final String RATE_LIMITER = "Redisson RRateLimiter";
    static final String SCRIPT_LETTUCE = "bare script on Lettuce";
    static final String SCRIPT_REDISSON = "bare script on Redisson";
    static final String MILLPOND_LOCAL = "Millpond without Redis";
    static final String BUCKET4J_LOCAL = "Bucket4j in the process";
    static final String RESILIENCE4J = "Resilience4j";

    /** All that share limits through Redis, Millpond first. */
    static final List<String> SHARED = List.of(
            MILLPOND,
            BUCKET4J_REDISSON,
            BUCKET4J_REDISSON_BATCHING,
            BUCKET4J_LETTUCE,
            BUCKET4J_LETTUCE_BATCHING,
            RATE_LIMITER,
            SCRIPT_LETTUCE,
            SCRIPT_REDISSON);

    private static final Map<String, Limits.Opener> OPENERS = Map.ofEntries(
            Map.entry(MILLPOND, MillpondLimits::inRedis),
            Map.entry(BUCKET4J_REDISSON, Bucket4jLimits::onRedisson),
            Map.entry(BUCKET4J_REDISSON_BATCHING, Bucket4jLimits::onRedissonBatching),
            Map.entry(BUCKET4J_LETTUCE, Bucket4jLimits::onLettuce),
            Map.entry(BUCKET4J_LETTUCE_BATCHING, Bucket4jLimits::onLettuceBatching),
            Map.entry(RATE_LIMITER, RedissonRateLimiters::open),
            Map.entry(SCRIPT_LETTUCE, ScriptLimits::onLettuce),
            Map.entry(SCRIPT_REDISSON, ScriptLimits::onRedisson),
            Map.entry(MILLPOND_LOCAL, MillpondLimits::inMemory),
            Map.entry(BUCKET4J_LOCAL, Bucket4jLimits::inMemory),
            Map.entry(RESILIENCE4J, Resilience4jLimits::open));

    private LimitPeers() {}

    static Limits open(String peer, Machine machine, Allowance allowance, List<String> keys) throws Exception {
        return Names.find(OPENERS, peer).open(machine, allowance, keys);
    }
}
