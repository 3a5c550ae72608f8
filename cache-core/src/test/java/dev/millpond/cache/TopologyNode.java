package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FaultProxies;
import dev.millpond.testkit.RedisTopology;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One node of an application, behind a network of its own. */
final class TopologyNode implements AutoCloseable {

    static final String NAMESPACE = "test";
    static final String LOG = "{mp:" + NAMESPACE + "}:t";

    final FaultProxies network;
    final LoadingCache<String, String> cache;
    final LoadingCache<String, String> bulk;
    private final RedisConnection connection;
    private final CacheRegistry registry;

    /** Starts a node that loads from the source. */
    TopologyNode(RedisTopology redis, Map<String, String> source) {
        network = redis.proxies();
        connection = RedisConnection.ofYaml(redis.redissonYaml(network));
        assertThat(connection.awaitAvailable(Duration.ofSeconds(20))).isTrue();
        registry = CacheRegistry.builder()
                .redis(connection)
                .namespace(NAMESPACE)
                .pollInterval(Duration.ofMillis(200))
                .stalenessBound(Duration.ofSeconds(1))
                .build();
        // A lease that a killed master had passed on to its replica holds readers up until it ends.
        cache = registry.newCache("cache", String.class)
                .leaseTime(Duration.ofSeconds(1))
                .build(source::get);
        bulk = registry.newCache("bulk", String.class).buildBulk(TopologyNode::inUpperCase);
    }

    static String keyInRedis(String key) {
        return NAMESPACE + ":cache:" + key;
    }

    /** Waits until the node answers from its caches, as it does while it knows that it misses no invalidation. */
    void awaitCaching(String key) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> cache.lookup(key).fromCache());
    }

    void awaitValue(String key, String value) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> value.equals(cache.get(key)));
    }

    @Override
    public void close() {
        registry.close();
        connection.close();
        network.close();
    }

    private static Map<String, String> inUpperCase(Set<String> keys) {
        Map<String, String> values = new ConcurrentHashMap<>();
        keys.forEach(key -> values.put(key, key.toUpperCase(Locale.ROOT)));
        return values;
    }
}
