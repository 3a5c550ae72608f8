package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each operation costs, counted by Redis itself; what scripts call inside counts there too. */
class CommandCostIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String NAMESPACE = "cost";
    private static final String USER = "counted";

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=([1-9]\\d*),usec=(\\d+)");

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Looks of a reader that waits: after 1, 2, 4, 8 and 16 ms, and then every 32 ms. */
    private static final int EARLY_LOOKS = 5;

    private static final Duration LATER_LOOKS = Duration.ofMillis(32);

    @AutoClose
    private final RedisNodes nodes =
            new RedisNodes(redis.url().replace("redis://", "redis://" + USER + ":word@"), NAMESPACE);

    private CacheRegistry registry;

    /** May use the keys of the namespace alone, so that the probes of connections are refused, and not counted. */
    @BeforeAll
    static void addUser() {
        redis.server()
                .command(
                        "ACL",
                        "SETUSER",
                        USER,
                        "reset",
                        "on",
                        ">word",
                        "+@all",
                        "&*",
                        "~" + NAMESPACE + ":*",
                        "~{mp:" + NAMESPACE + "}:*");
    }

    @AfterAll
    static void removeUser() {
        redis.server().command("ACL", "DELUSER", USER);
    }

    /** Redis frees a million entries in the background: that takes longer than the testkit waits for an answer. */
    @BeforeEach
    void connect() {
        redis.server().command("FLUSHDB", "ASYNC");
        registry = node();
        cache("loads the scripts", Consistency.BOUNDED).get("x");
        registry.invalidate(Tag.of("loads the script", 1));
    }

    /** Connects a node that polls so rarely that no poll is counted. */
    private CacheRegistry node() {
        CacheRegistry node = nodes.keep(CacheRegistry.builder()
                .redis(nodes.connect())
                .namespace(NAMESPACE)
                .pollInterval(Duration.ofHours(1))
                .stalenessBound(Duration.ofHours(3))
                .build());
        await().until(() -> node.invalidationStats().trusted());
        return node;
    }

    private LoadingCache<String, String> cache(String name, Consistency consistency) {
        return registry.newCache(name.replace(' ', '-'), String.class)
                .consistency(consistency)
                .build((String key) -> key);
    }

    /** Returns a cache on one more node, which answers past its time to live while another node loads. */
    private LoadingCache<String, String> cacheElsewhere(Consistency consistency, Duration timeToLive) {
        return node().newCache("shared", String.class)
                .consistency(consistency)
                .timeToLive(timeToLive)
                .serveStaleFor(Duration.ofMinutes(1))
                .build((String key) -> "old");
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

    /**
     * A GET, the claim (a script with GETRANGE and SETRANGE) and the header (one with GETRANGE, STRLEN, SETRANGE and
     * PEXPIRE).
     */
    @Test
    void refresh_notModified_isAGetAndTwoScripts() {
        LoadingCache<String, String> cache = registry.newCache("versioned", String.class)
                .build((key, load) -> load.lastVersion().isPresent()
                        ? load.notModified()
                        : load.version("v1").toString());
        cache.get("a");
        cache.refresh("a");

        assertThat(costOf(() -> cache.refresh("a")))
                .isEqualTo(
                        Map.of("get", 1L, "evalsha", 2L, "getrange", 2L, "setrange", 2L, "strlen", 1L, "pexpire", 1L));
    }

    /** The lease script calls GET and APPEND; all but that and the looks is the other node's put, which tells of it. */
    @ParameterizedTest
    @EnumSource
    void get_otherNodeLoads_isAGetAndAScriptAndAGetPerLook(Consistency consistency) {
        LoadingCache<String, String> reader = cacheElsewhere(consistency, LONG);
        SlowLoad load = new SlowLoad(cacheElsewhere(consistency, LONG));

        long begunAt = System.nanoTime();
        Map<String, Long> cost = costOf(() -> {
            CompletableFuture<String> waiting = reader.getAsync("a");
            await().until(() -> commands().getOrDefault("get", 0L) > EARLY_LOOKS);
            load.end();
            assertThat(waiting.join()).isEqualTo("loaded");
        });
        long longest = System.nanoTime() - begunAt;

        long looks = Objects.requireNonNull(cost.remove("get")) - 2;
        assertThat(looks).isBetween(1L, EARLY_LOOKS + longest / LATER_LOOKS.toNanos() + 2);
        assertThat(cost.remove("hmget")).isEqualTo(consistency == Consistency.STRICT ? 1 + looks : null);
        assertThat(cost)
                .isEqualTo(Map.of(
                        "evalsha",
                        2L,
                        "append",
                        1L,
                        "exists",
                        1L,
                        "getrange",
                        1L,
                        "strlen",
                        1L,
                        "set",
                        1L,
                        "publish",
                        1L));
    }

    @ParameterizedTest
    @EnumSource
    void get_otherNodeLoadsPastTheTimeToLive_costsAsMuchAsAHit(Consistency consistency) {
        LoadingCache<String, String> reader = cacheElsewhere(consistency, SHORT);
        LoadingCache<String, String> loader = cacheElsewhere(consistency, SHORT);
        loader.get("a");
        await().until(() -> loader.getIfPresent("a").isEmpty());
        SlowLoad load = new SlowLoad(loader);

        Map<String, Long> cost =
                costOf(() -> assertThat(reader.lookup("a").source()).isEqualTo(Source.STALE));

        assertThat(cost)
                .isEqualTo(consistency == Consistency.STRICT ? Map.of("get", 1L, "hmget", 1L) : Map.of("get", 1L));
        load.end();
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

    @Test
    void putAll_isOneScriptAndOneStoreOfEachKey() {
        LoadingCache<String, String> cache = cache("cache", Consistency.BOUNDED);
        Map<String, String> values =
                IntStream.range(0, 400).boxed().collect(Collectors.toMap(i -> "key-" + i, i -> "value-" + i));

        assertThat(costOf(() -> cache.putAll(values)))
                .isEqualTo(Map.of(
                        "psetex", 400L, "evalsha", 1L, "hmget", 1L, "hset", 1L, "xadd", 1L, "xlen", 1L, "publish", 1L));
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

        awaitQuiet();
        Map<String, Long> cost = costOf(() -> root.invalidate("r"));

        assertThat(cost.get("evalsha")).isEqualTo(1);
        assertThat(cost.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(7);
        System.out.printf("%d dependants: invalidate takes %d us of the server%n", dependants, serverMicros());
        assertThat(derived.getIfPresent(dependants - 1)).isEmpty();
    }

    /** Waits for what nobody waits for: the leases of a batch that took too long are given back. */
    private static void awaitQuiet() {
        AtomicReference<Map<String, Long>> before = new AtomicReference<>(Map.of());
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            Map<String, Long> now = commands();
            return now.equals(before.getAndSet(now));
        });
    }

    /** Puts entries into Redis from another node. */
    private void store(String cache, List<String> keys) {
        try (RedisNodes others = new RedisNodes(redis.url(), NAMESPACE)) {
            others.start()
                    .newCache(cache, String.class)
                    .build((String key) -> key)
                    .getAll(keys);
        }
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key" + i).toList();
    }

    private static Map<String, Long> costOf(Runnable operation) {
        redis.server().command("CONFIG", "RESETSTAT");
        operation.run();
        return commands();
    }

    private static Map<String, Long> commands() {
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

    /** A load that has begun, and goes on until it is ended. */
    private static final class SlowLoad {

        private final CompletableFuture<String> source = new CompletableFuture<>();
        private final CompletableFuture<String> loaded;

        SlowLoad(LoadingCache<String, String> cache) {
            CompletableFuture<String> begun = new CompletableFuture<>();
            loaded = CompletableFuture.supplyAsync(() -> cache.get("a", key -> {
                begun.complete(key);
                return source.join();
            }));
            begun.join();
        }

        void end() {
            source.complete("loaded");
            assertThat(loaded.join()).isEqualTo("loaded");
        }
    }
}
