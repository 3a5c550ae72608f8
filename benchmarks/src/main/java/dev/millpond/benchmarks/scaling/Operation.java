package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Opens what does one kind of operation, each time with another number, counted from 0. */
@FunctionalInterface
interface Operation {

    /** How many keys hits take in turn. */
    int KEYS = 1_000;

    /** What each entry holds. */
    String VALUE = "v".repeat(1_000);

    /** Connects to an empty Redis. */
    IntConsumer open(Machine machine) throws Exception;

    /** A read that Redis answers. */
    static IntConsumer hit(Machine machine) throws Exception {
        LoadingCache<String, String> cache = cache(machine);
        IntStream.range(0, KEYS).mapToObj(CopiedEntries::key).forEach(cache::get);
        return number -> cache.get(CopiedEntries.key(number % KEYS));
    }

    /** A read that loads and stores. */
    static IntConsumer miss(Machine machine) throws Exception {
        LoadingCache<String, String> cache = cache(machine);
        return number -> cache.get(CopiedEntries.key(number));
    }

    /** An invalidation of one key, whose entry is in Redis. */
    static IntConsumer invalidation(Machine machine) throws Exception {
        LoadingCache<String, String> cache = cache(machine);
        long stored = cache.batch()
                .putAll(IntStream.range(0, OperationCost.NUMBERS)
                        .mapToObj(number -> Map.entry(CopiedEntries.key(number), VALUE)))
                .done();
        if (stored != OperationCost.NUMBERS) {
            throw new IllegalStateException(
                    "Millpond stored " + stored + " of " + OperationCost.NUMBERS + " entries. Is Redis still running?");
        }
        return number -> cache.invalidate(CopiedEntries.key(number));
    }

    /** The same, where so many other nodes hear of it. */
    static Operation invalidationAmong(int others) {
        return machine -> {
            for (int i = 0; i < others; i++) {
                Machine other = new Machine(machine.url());
                machine.own(other::close);
                cache(other);
            }
            return invalidation(machine);
        };
    }

    /** A decision that Redis makes. */
    static IntConsumer decision(Machine machine) throws Exception {
        return decisions(machine, Tier.of("large", RateLimit.perMinute(1_000_000)));
    }

    /** A decision of a client that keeps a node busy, in a tier with leases of 110 tokens. */
    static IntConsumer leasedDecision(Machine machine) throws Exception {
        return decisions(
                machine, Tier.of("large", RateLimit.perMinute(1_000_000)).withLease(110));
    }

    private static LoadingCache<String, String> cache(Machine machine) throws Exception {
        CacheRegistry registry = MillpondRegistries.open(machine, CopiedEntries.NAMESPACE, CacheRegistry.builder());
        return registry.newCache("kilobytes", String.class).localMaximumSize(0).build((String key) -> VALUE);
    }

    private static IntConsumer decisions(Machine machine, Tier tier) throws Exception {
        RateLimiter limiter = RateLimiter.builder()
                .redis(MillpondRegistries.connection(machine))
                .namespace(CopiedEntries.NAMESPACE)
                .secret("secret-of-the-benchmarks")
                .tierOf(key -> Optional.of(tier))
                .build();
        machine.own(limiter::close);
        return number -> limiter.tryAcquire("customer-1");
    }
}
