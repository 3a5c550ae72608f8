package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.peers.LettuceNodes;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.RedissonNodes;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.proxy.RemoteBucketBuilder;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.github.bucket4j.redis.redisson.Bucket4jRedisson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.Redisson;

/**
 * Buckets of Bucket4j.
 *
 * @param keys all keys
 * @param buckets the bucket of each key, as the application keeps them: batching needs that
 */
record Bucket4jLimits(List<String> keys, Map<String, Bucket> buckets) implements Limits {

    private static final ExpirationAfterWriteStrategy EXPIRY =
            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10));

    static Limits onRedisson(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        return remote(redisson(machine).builder(), allowance, keys);
    }

    static Limits onRedissonBatching(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        return remote(redisson(machine).builder().withOptimization(Optimizations.batching()), allowance, keys);
    }

    static Limits onLettuce(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        return remote(lettuce(machine).builder(), allowance, keys);
    }

    static Limits onLettuceBatching(Machine machine, Allowance allowance, List<String> keys) throws Exception {
        return remote(lettuce(machine).builder().withOptimization(Optimizations.batching()), allowance, keys);
    }

    static Limits inMemory(Machine machine, Allowance allowance, List<String> keys) {
        Map<String, Bucket> buckets = new ConcurrentHashMap<>();
        keys.forEach(key ->
                buckets.put(key, Bucket.builder().addLimit(bandwidth(allowance)).build()));
        return new Bucket4jLimits(keys, buckets);
    }

    @Override
    public boolean tryAcquire(int key) {
        Bucket bucket = buckets.get(keys.get(key));
        return bucket != null && bucket.tryConsume(1);
    }

    private static Limits remote(RemoteBucketBuilder<String> builder, Allowance allowance, List<String> keys) {
        BucketConfiguration configuration =
                BucketConfiguration.builder().addLimit(bandwidth(allowance)).build();
        Map<String, Bucket> buckets = new ConcurrentHashMap<>();
        keys.forEach(key -> buckets.put(key, builder.build("limit:" + key, () -> configuration)));
        return new Bucket4jLimits(keys, buckets);
    }

    private static ProxyManager<String> redisson(Machine machine) throws Exception {
        if (RedissonNodes.client(machine) instanceof Redisson redisson) {
            return Bucket4jRedisson.casBasedBuilder(redisson.getCommandExecutor())
                    .expirationAfterWrite(EXPIRY)
                    .build();
        }
        throw new IllegalStateException("Redisson's client is of another class than before. Ask it for its executor.");
    }

    private static ProxyManager<String> lettuce(Machine machine) throws Exception {
        return Bucket4jLettuce.casBasedBuilder(LettuceNodes.of(machine).bytes())
                .expirationAfterWrite(EXPIRY)
                .build();
    }

    private static Bandwidth bandwidth(Allowance allowance) {
        return Bandwidth.builder()
                .capacity(allowance.tokens())
                .refillGreedy(allowance.tokens(), allowance.period())
                .build();
    }
}
