package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.RecordedLog;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes over a real Redis; one subclass per topology. */
abstract class RedisCacheContract {

    /** One per node and kept for all tests of a class: registries come and go on a connection. */
    private static final List<RedisConnection> CONNECTIONS = new ArrayList<>();

    private final Servers redis;
    private final Map<String, String> source = new ConcurrentHashMap<>();
    private final AtomicInteger loads = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CacheRegistry one;
    private final CacheRegistry two;

    RedisCacheContract(Servers redis) {
        this.redis = redis;
        redis.flush();
        one = node(0);
        two = node(1);
    }

    @AfterAll
    static void disconnect() {
        CONNECTIONS.forEach(RedisConnection::close);
        CONNECTIONS.clear();
    }

    @AfterEach
    void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            try {
                open.get(i).close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private RedisConnection connection(int node) {
        while (CONNECTIONS.size() <= node) {
            CONNECTIONS.add(redis.connect());
        }
        assertThat(CONNECTIONS.get(node).awaitAvailable(Duration.ofSeconds(10))).isTrue();
        return CONNECTIONS.get(node);
    }

    private CacheRegistry node(int number) {
        CacheRegistry registry = CacheRegistry.builder()
                .redis(connection(number))
                .namespace("test")
                .build();
        open.add(registry);
        awaitTrust(registry);
        return registry;
    }

    /** A node answers from its caches from the moment its first poll of the log has come back. */
    private static void awaitTrust(CacheRegistry registry) {
        LoadingCache<String, String> probe =
                registry.newCache("probe", String.class).build((String key) -> key);
        await().until(() -> probe.lookup("x").fromCache());
    }

    private LoadingCache<String, String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class).build((String key) -> {
            loads.incrementAndGet();
            return source.get(key);
        });
    }

    @Test
    void get_loadedByAnotherNode_comesFromRedis() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("a", "1");

        assertThat(first.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(second.lookup("a").source()).isEqualTo(Source.REMOTE);
        assertThat(second.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(loads).hasValue(1);
    }

    /** What a node has not saved yet it saves when it is closed. */
    @Test
    void hotKeys_ofANodeThatIsClosed_areThereForTheNextOne() {
        LoadingCache<String, String> first =
                one.newCache("hot", String.class).hotKeys(10).build((String key) -> key);
        first.get("a");
        first.get("b:{c}");
        first.get("b:{c}");
        one.close();

        LoadingCache<String, String> second =
                two.newCache("hot", String.class).hotKeys(10).build((String key) -> key);
        assertThat(second.hotKeys().as(String.class)).containsExactly("b:{c}", "a");
    }

    @Test
    void stats_payloads_countTheirBytes() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("a", "x".repeat(100));

        first.get("a");
        second.get("a");

        assertThat(first.stats().bytesWritten()).isBetween(100L, 400L);
        assertThat(first.stats().bytesRead()).isZero();
        assertThat(second.stats().bytesRead()).isEqualTo(first.stats().bytesWritten());
    }

    @Test
    void stats_invalidatedEntryInRedis_isCountedWhereItIsFound() {
        LoadingCache<String, String> base = cache(one);
        LoadingCache<String, String> derived =
                one.newCache("derived", String.class).build((String key) -> base.get(key) + "!");
        source.put("a", "1");
        derived.get("a");
        base.invalidate("a");
        CacheRegistry third = node(2);
        LoadingCache<String, String> elsewhere =
                third.newCache("derived", String.class).build((String key) -> "another");

        elsewhere.get("a");

        assertThat(elsewhere.stats().invalidatedEntries()).isEqualTo(1);
    }

    @Test
    void get_absentKnownByAnotherNode_comesFromRedis() {
        cache(one).find("a");

        assertThat(cache(two).find("a")).isEmpty();
        assertThat(loads).hasValue(1);
    }

    @Test
    void keysInRedis_areReadableAndExpire() {
        source.put("39:overall", "1");
        cache(one).get("39:overall");

        assertThat(keys()).contains("test:cache:39:overall");
        String key = "test:cache:39:overall";
        assertThat(Long.parseLong(String.valueOf(redis.masterOf(key).command("PTTL", key))))
                .isBetween(1L, Duration.ofMinutes(6).toMillis());
    }

    private String keys() {
        return redis.masters().stream()
                .map(master -> String.valueOf(master.command("KEYS", "*")))
                .collect(Collectors.joining());
    }

    @Test
    void invalidate_onOneNode_reachesTheOther() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("a", "1");
        first.get("a");
        second.get("a");
        source.put("a", "2");

        first.invalidate("a");

        assertThat(first.get("a")).isEqualTo("2");
        await().atMost(2, TimeUnit.SECONDS).until(() -> "2".equals(second.get("a")));
        assertThat(loads).hasValue(2);
    }

    @Test
    void invalidate_cascadesToTheOtherNode() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> derivedOne = derived(one, first);
        LoadingCache<String, String> derivedTwo = derived(two, cache(two));
        source.put("a", "1");
        assertThat(derivedOne.get("a")).isEqualTo("1!");
        assertThat(derivedTwo.lookup("a").source()).isEqualTo(Source.REMOTE);
        source.put("a", "2");

        first.invalidate("a");

        await().atMost(2, TimeUnit.SECONDS).until(() -> "2!".equals(derivedTwo.get("a")));
        assertThat(derivedOne.get("a")).isEqualTo("2!");
    }

    private static LoadingCache<String, String> derived(CacheRegistry registry, LoadingCache<String, String> base) {
        return registry.newCache("derived", String.class).build((String key) -> base.get(key) + "!");
    }

    @Test
    void invalidate_tagAndWholeCache_reachTheOtherNode() {
        LoadingCache<String, String> first = tagged(one);
        LoadingCache<String, String> second = tagged(two);
        first.get("a");
        second.get("a");

        one.invalidate(Tag.of("key", "a"));
        await().atMost(2, TimeUnit.SECONDS).until(() -> !second.lookup("a").fromCache());
        second.invalidateAll();
        await().atMost(2, TimeUnit.SECONDS).until(() -> !first.lookup("a").fromCache());
    }

    @Test
    void invalidateAll_moreKeysThanAreNamedOneByOne_reachesAllEntriesOfTheOtherNode() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        LoadingCache<String, String> derived = derived(two, second);
        LoadingCache<String, String> other = one.newCache("other", String.class).build((String key) -> key);
        source.put("a", "1");
        first.get("a");
        derived.get("a");
        other.get("a");
        source.put("a", "2");

        first.invalidateAll(
                IntStream.rangeClosed(0, 10_000).mapToObj(i -> "k" + i).toList());

        assertThat(first.get("a")).isEqualTo("2");
        await().atMost(2, TimeUnit.SECONDS).until(() -> "2!".equals(derived.get("a")));
        assertThat(second.get("a")).isEqualTo("2");
        assertThat(other.lookup("a").fromCache()).isTrue();
        assertThat(two.invalidationStats().flushes()).isZero();
    }

    private static LoadingCache<String, String> tagged(CacheRegistry registry) {
        return registry.newCache("tagged", String.class).build((String key, LoadContext load) -> {
            load.tag(Tag.of("key", key));
            return key;
        });
    }

    @Test
    void put_isSeenByTheOtherNode() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("a", "1");
        second.get("a");

        first.put("a", "2");

        await().atMost(2, TimeUnit.SECONDS).until(() -> "2".equals(second.get("a")));
        assertThat(second.lookup("a").fromCache()).isTrue();
    }

    @Test
    void get_loadOvertakenByInvalidationOfAnotherNode_isNotStored() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, String> slow = one.newCache("cache", String.class).build((String key) -> {
            loading.countDown();
            goOn.await();
            return "old";
        });
        LoadingCache<String, String> second = cache(two);
        source.put("a", "new");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<String> overtaken = executor.submit(() -> slow.get("a"));
            loading.await();
            second.invalidate("a");
            goOn.countDown();

            assertThat(overtaken.get()).isEqualTo("old");
            assertThat(second.get("a")).isEqualTo("new");
            assertThat(slow.lookup("a").value()).contains("new");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void get_manyCallersOfTwoNodes_loadOnce() throws Exception {
        source.put("a", "1");
        LoadingCache<String, String> first = slowCache(one);
        LoadingCache<String, String> second = slowCache(two);
        ExecutorService executor = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> reads = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                LoadingCache<String, String> cache = i % 2 == 0 ? first : second;
                reads.add(executor.submit(() -> cache.get("a")));
            }
            for (Future<String> read : reads) {
                assertThat(read.get()).isEqualTo("1");
            }
            assertThat(loads).hasValue(1);
        } finally {
            executor.shutdownNow();
        }
    }

    private LoadingCache<String, String> slowCache(CacheRegistry registry) {
        return registry.newCache("slow", String.class).build((String key) -> {
            loads.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(150);
            return source.get(key);
        });
    }

    @Test
    void getAll_partlyInRedis_bulkLoadsTheRest() {
        List<Set<String>> asked = new ArrayList<>();
        LoadingCache<String, String> first = bulk(one, asked);
        LoadingCache<String, String> second = bulk(two, asked);
        assertThat(first.getAll(List.of("a", "b"))).hasSize(2);

        assertThat(second.getAll(List.of("a", "b", "c", "d")))
                .containsExactly(Map.entry("a", "A"), Map.entry("b", "B"), Map.entry("c", "C"), Map.entry("d", "D"));
        assertThat(first.getAll(List.of("a", "b", "c", "d"))).hasSize(4);

        assertThat(asked).containsExactly(Set.of("a", "b"), Set.of("c", "d"));
    }

    private static LoadingCache<String, String> bulk(CacheRegistry registry, List<Set<String>> asked) {
        return registry.newCache("bulk", String.class).buildBulk((Set<String> keys) -> {
            asked.add(Set.copyOf(keys));
            Map<String, String> values = new ConcurrentHashMap<>();
            keys.forEach(key -> values.put(key, key.toUpperCase(Locale.ROOT)));
            return values;
        });
    }

    @Test
    void get_valueThatCannotBeWritten_isServedAndKeptHere() {
        LoadingCache<String, Opaque> cache =
                one.newCache("opaque", Opaque.class).build((String key) -> new Opaque());

        try (RecordedLog log = new RecordedLog("EntryCodec")) {
            assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
            assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
            assertThat(log.lines())
                    .containsExactly("WARN Cache 'opaque' holds a value that cannot be stored in Redis; such values are"
                            + " served and kept in this process only. Further ones are only counted.");
        }
        assertThat(cache.stats().unstorable()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(keys()).doesNotContain("test:opaque:a"));
    }

    /** A value that refers to itself. */
    static final class Opaque {

        public Opaque getSelf() {
            return this;
        }
    }

    @Test
    void get_foreignBytesUnderTheKey_areReplaced() {
        LoadingCache<String, String> cache = cache(one);
        source.put("a", "1");
        redis.masterOf("test:cache:a").command("SET", "test:cache:a", "something of somebody else");

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(cache(two).lookup("a").source()).isEqualTo(Source.REMOTE);
        assertThat(cache.stats().unreadable()).isEqualTo(1);
    }

    @Test
    void get_logLost_isAMissNotStale() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        source.put("a", "1");
        first.get("a");
        second.get("a");
        redis.flush();
        source.put("a", "2");

        first.invalidate("a");

        assertThat(first.get("a")).isEqualTo("2");
        await().atMost(3, TimeUnit.SECONDS).until(() -> "2".equals(second.get("a")));
    }

    @Test
    void get_loaderFails_freesTheLease() {
        AtomicInteger attempts = new AtomicInteger();
        LoadingCache<String, String> failing = one.newCache("failing", String.class)
                .build((String key) -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("down");
                });
        assertThatThrownBy(() -> failing.get("a")).isInstanceOf(CacheLoadException.class);

        await().untilAsserted(() -> assertThat(keys()).doesNotContain("test:failing:a"));
    }

    @Test
    void invalidate_registryIsOff_stillReachesTheOtherNodes() {
        LoadingCache<String, String> second = cache(two);
        source.put("a", "1");
        second.get("a");
        CacheRegistry off = CacheRegistry.builder()
                .redis(connection(2))
                .namespace("test")
                .enabled(false)
                .build();
        open.add(off);
        LoadingCache<String, String> passedThrough = cache(off);
        source.put("a", "2");

        assertThat(passedThrough.lookup("a").source()).isEqualTo(Source.LOADER);
        passedThrough.invalidate("a");

        await().atMost(3, TimeUnit.SECONDS).until(() -> "2".equals(second.get("a")));
    }

    @Test
    void get_strict_seesTheInvalidationOfAnotherNodeAtOnce() {
        LoadingCache<String, String> first = strict(one);
        LoadingCache<String, String> second = strict(two);
        for (int i = 0; i < 200; i++) {
            source.put("a", "" + i);
            one.invalidate(Tag.of("source", 1));

            assertThat(second.get("a")).isEqualTo("" + i);
            assertThat(first.get("a")).isEqualTo("" + i);
        }
        assertThat(loads).hasValue(200);
    }

    private LoadingCache<String, String> strict(CacheRegistry registry) {
        return registry.newCache("strict", String.class)
                .consistency(Consistency.STRICT)
                .build((String key, LoadContext load) -> {
                    loads.incrementAndGet();
                    load.tag(Tag.of("source", 1));
                    return source.get(key);
                });
    }

    @Test
    void get_pastItsTimeToLive_isLoadedByOneNodeAndAnsweredByTheOtherMeanwhile() throws Exception {
        CountDownLatch reloading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, String> first = refreshed(one, () -> {
            reloading.countDown();
            goOn.await();
        });
        LoadingCache<String, String> second = refreshed(two, () -> {});
        source.put("a", "1");
        first.get("a");
        source.put("a", "2");
        await().until(() -> first.getIfPresent("a").isEmpty());
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<String> reload = executor.submit(() -> first.get("a"));
            reloading.await();

            CacheResult<String> meanwhile = second.lookup("a");

            assertThat(meanwhile.source()).isEqualTo(Source.STALE);
            assertThat(meanwhile.value()).contains("1");
            assertThat(first.lookup("a").source()).isEqualTo(Source.STALE);
            goOn.countDown();
            assertThat(reload.get()).isEqualTo("2");
            assertThat(second.get("a")).isEqualTo("2");
            assertThat(loads).hasValue(2);
        } finally {
            executor.shutdownNow();
        }
    }

    private LoadingCache<String, String> refreshed(CacheRegistry registry, Action onReload) {
        return registry.newCache("refreshed", String.class)
                .timeToLive(Duration.ofMillis(300))
                .serveStaleFor(Duration.ofMinutes(1))
                .build((String key) -> {
                    if (loads.getAndIncrement() > 0) {
                        onReload.run();
                    }
                    return source.get(key);
                });
    }

    @FunctionalInterface
    private interface Action {

        void run() throws Exception;
    }
}
