package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Millpond's limiter, asked by API key. */
final class MillpondLimits implements Limits {

    private final RateLimiter limiter;
    private final List<String> keys;
    private final LongAdder withoutRedis = new LongAdder();

    private MillpondLimits(RateLimiter limiter, List<String> keys) {
        this.limiter = limiter;
        this.keys = keys;
    }

    static Limits inRedis(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        return open(machine, RateLimiter.builder().redis(MillpondRegistries.connection(machine)), allowance, keys);
    }

    static Limits inMemory(Machine machine, Allowance allowance, List<String> keys) {
        return open(machine, RateLimiter.builder(), allowance, keys);
    }

    private static Limits open(Machine machine, RateLimiter.Builder builder, Allowance allowance, List<String> keys) {
        Optional<Tier> tier = Optional.of(Tier.of("free", RateLimit.of(allowance.tokens(), allowance.period())));
        RateLimiter limiter =
                builder.secret("secret-of-the-benchmarks").tierOf(key -> tier).build();
        machine.own(limiter::close);
        return new MillpondLimits(limiter, keys);
    }

    @Override
    public boolean tryAcquire(int key) {
        RateLimitDecision decision = limiter.tryAcquire(keys.get(key));
        if (decision.failurePolicy().isPresent()) {
            withoutRedis.increment();
        }
        return decision.allowed();
    }

    @Override
    public long strays() {
        return withoutRedis.sum();
    }
}
