package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each operation costs, counted by Redis itself; what scripts call inside counts there too. */
class CommandCostIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+)");

    private RedisConnection connection;
    private CacheRegistry registry;

    /** Polls so rarely that none is counted. */
    @BeforeEach
    void connect() {
        redis.server().flush();
        connection = RedisConnection.to(redis.url());
        assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        registry = CacheRegistry.builder()
                .redis(connection)
                .pollInterval(Duration.ofHours(1))
                .stalenessBound(Duration.ofHours(3))
                .build();
        await().until(() -> registry.invalidationStats().trusted());
        cache("loads the scripts", Consistency.BOUNDED).get("x");
        registry.invalidate(Tag.of("loads the script", 1));
    }

    @AfterEach
    void close() {
        registry.close();
        connection.close();
    }

    private LoadingCache<String, String> cache(String name, Consistency consistency) {
        return registry.newCache(name.replace(' ', '-'), String.class)
                .consistency(consistency)
                .build((String key) -> key);
    }

    @Test
    void get_inThisProcess_costsNothing() {
        LoadingCache<String, String> cache = cache("cache", Consistency.BOUNDED);
        cache.get("a");

        assertThat(costOf(() -> cache.get("a"))).isEmpty();
    }

    @Test
    void get_inRedis_isOneGet() {
        LoadingCache<String, String> cache = cache("cache", Consistency.BOUNDED);
        store("cache", List.of("a"));

        assertThat(costOf(() -> cache.get("a"))).isEqualTo(Map.of("get", 1L));
    }

    @Test
    void get_strictInRedis_isOneGetAndOneHmget() {
        LoadingCache<String, String> cache = cache("strict", Consistency.STRICT);
        cache.get("a");

        assertThat(costOf(() -> cache.get("a"))).isEqualTo(Map.of("get", 1L, "hmget", 1L));
    }

    /** A GET, the lease (a script with GET and SET) and the put (a script with EXISTS, GETRANGE, STRLEN and SET). */
    @Test
    void get_nowhere_isAGetAndTwoScripts() {
        LoadingCache<String, String> cache = cache("cache", Consistency.BOUNDED);

        assertThat(costOf(() -> cache.get("a")))
                .isEqualTo(Map.of("get", 2L, "evalsha", 2L, "set", 2L, "exists", 1L, "getrange", 1L, "strlen", 1L));
    }

    @Test
    void getAll_inRedis_isOneMget() {
        LoadingCache<String, String> cache = cache("cache", Consistency.BOUNDED);
        List<String> keys = keys(100);
        store("cache", keys);

        assertThat(costOf(() -> cache.getAll(keys))).isEqualTo(Map.of("mget", 1L));
    }

    /** The script's HMGET, HSET, XADD, XLEN and PUBLISH. */
    @Test
    void invalidate_isOneUnlinkAndOneScript() {
        LoadingCache<String, String> cache = cache("cache", Consistency.BOUNDED);
        cache.get("a");

        assertThat(costOf(() -> cache.invalidate("a")))
                .isEqualTo(Map.of(
                        "unlink", 1L, "evalsha", 1L, "hmget", 1L, "hset", 1L, "xadd", 1L, "xlen", 1L, "publish", 1L));
    }

    /** A million dependants take a while to make; they are part of the soak. */
    static IntStream dependants() {
        return System.getProperty("millpond.soak") == null
                ? IntStream.of(10, 10_000)
                : IntStream.of(10, 10_000, 1_000_000);
    }

    @ParameterizedTest
    @MethodSource("dependants")
    void invalidate_manyDependants_costsTheSame(int dependants) {
        LoadingCache<String, String> root = cache("root", Consistency.BOUNDED);
        LoadingCache<Integer, String> derived =
                registry.newCache("derived", String.class).build((Integer key) -> root.get("r") + key);
        for (int from = 0; from < dependants; from += 1_000) {
            derived.getAll(IntStream.range(from, Math.min(dependants, from + 1_000))
                    .boxed()
                    .toList());
        }

        Map<String, Long> cost = costOf(() -> root.invalidate("r"));

        assertThat(cost.get("evalsha")).isEqualTo(1);
        assertThat(cost.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(7);
        System.out.printf("%d dependants: invalidate takes %d us of the server%n", dependants, serverMicros());
        assertThat(derived.getIfPresent(dependants - 1)).isEmpty();
    }

    /** Puts entries into Redis from another node. */
    private void store(String cache, List<String> keys) {
        try (RedisConnection other = RedisConnection.to(redis.url())) {
            assertThat(other.awaitAvailable(Duration.ofSeconds(10))).isTrue();
            try (CacheRegistry node = CacheRegistry.builder().redis(other).build()) {
                await().until(() -> node.invalidationStats().trusted());
                node.newCache(cache, String.class).build((String key) -> key).getAll(keys);
            }
        }
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key" + i).toList();
    }

    private static Map<String, Long> costOf(Runnable operation) {
        redis.server().command("CONFIG", "RESETSTAT");
        operation.run();
        return CALLS.matcher(commandStats())
                .results()
                .filter(call -> !Set.of("config|resetstat", "info", "ping").contains(call.group(1)))
                .collect(Collectors.toMap(
                        call -> call.group(1), call -> Long.valueOf(call.group(2)), Long::sum, TreeMap::new));
    }

    private static long serverMicros() {
        return CALLS.matcher(commandStats())
                .results()
                .filter(call -> call.group(1).equals("evalsha"))
                .mapToLong(call -> Long.parseLong(call.group(3)))
                .sum();
    }

    private static String commandStats() {
        return String.valueOf(redis.server().command("INFO", "commandstats"));
    }
}
