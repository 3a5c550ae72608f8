package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.RedissonNodes;
import java.util.List;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;

/**
 * Redisson's own limiters: so many permits in any period.
 *
 * @param limiters one for each key
 */
record RedissonRateLimiters(List<RRateLimiter> limiters) implements Limits {

    static Limits open(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        RedissonClient client = RedissonNodes.client(machine);
        List<RRateLimiter> limiters =
                keys.stream().map(key -> client.getRateLimiter("limit:" + key)).toList();
        limiters.forEach(limiter -> limiter.trySetRate(RateType.OVERALL, allowance.tokens(), allowance.period()));
        return new RedissonRateLimiters(limiters);
    }

    @Override
    public boolean tryAcquire(int key) {
        return limiters.get(key).tryAcquire();
    }
}
