package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.HeldLoads;
import dev.millpond.cache.internal.RecordedLog;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.client.codec.StringCodec;

/** Two nodes whose Redis goes away and comes back. */
class RedisOutageIT {

    private static final Duration BUDGET_WITH_SLACK = Duration.ofMillis(900).plusSeconds(5);

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final Map<String, String> source = new ConcurrentHashMap<>();
    private final RedisNodes nodes = new RedisNodes(redis.url(), "millpond");
    private final List<CacheRegistry> registries = new ArrayList<>();

    @BeforeEach
    void running() {
        assumeThat(redis.server().controllable()).isTrue();
        redis.server().resume();
        redis.server().start();
        redis.server().flush();
    }

    @AfterEach
    void close() {
        // Before Redis is back, as nodes must also end without it.
        nodes.close();
        if (redis.server().controllable()) {
            redis.server().resume();
            redis.server().start();
        }
    }

    private LoadingCache<String, String> node() {
        return cache(registry());
    }

    private LoadingCache<String, String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class).build(source::get);
    }

    private CacheRegistry registry() {
        return registry(nodes.keep(RedisConnection.to(redis.url())));
    }

    private CacheRegistry registry(RedisConnection connection) {
        CacheRegistry registry =
                nodes.keep(CacheRegistry.builder().redis(connection).build());
        registries.add(registry);
        return registry;
    }

    private static void awaitCaching(LoadingCache<String, String> cache, String key) {
        await().atMost(10, TimeUnit.SECONDS).until(() -> cache.lookup(key).fromCache());
    }

    @Test
    void start_withoutRedis_loadsAndLaterCaches() {
        redis.server().stop();
        LoadingCache<String, String> cache = node();
        source.put("a", "1");

        assertThat(cache.get("a")).isEqualTo("1");
        source.put("a", "2");
        assertThat(cache.get("a")).isEqualTo("2");

        redis.server().start();
        awaitCaching(cache, "a");
    }

    @Test
    void get_redisKilled_answersWithinItsBudgetAndNeverFails() {
        LoadingCache<String, String> cache = node();
        source.put("a", "1");
        awaitCaching(cache, "a");

        redis.server().stop();

        for (int i = 0; i < 200; i++) {
            source.put("k" + i, "v");
            long start = System.nanoTime();
            assertThat(cache.get("k" + i)).isEqualTo("v");
            assertThat(cache.get("a")).isEqualTo("1");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET_WITH_SLACK);
        }
    }

    @Test
    void get_redisAwayForLongerThanTheBound_answersUnconfirmedWhereAllowed() {
        AtomicInteger loads = new AtomicInteger();
        LoadingCache<String, Integer> cache = registry()
                .newCache("cache", Integer.class)
                .serveUnconfirmedFor(Duration.ofMinutes(5))
                .build((String key) -> loads.incrementAndGet());
        await().atMost(10, TimeUnit.SECONDS).until(() -> cache.lookup("a").source() == Source.LOCAL);
        int before = cache.get("a");

        redis.server().stop();

        await().atMost(10, TimeUnit.SECONDS).until(() -> cache.lookup("a").source() == Source.STALE);
        assertThat(cache.lookup("a").degraded()).isTrue();
        loads.set(before);
        assertThat(cache.getAll(List.of("a", "b"))).containsOnly(Map.entry("a", before), Map.entry("b", before + 1));
        assertThat(cache.get("b")).isEqualTo(before + 1);
        assertThat(loads).hasValue(before + 1);
        redis.server().start();
        await().atMost(10, TimeUnit.SECONDS).until(() -> cache.lookup("a").source() != Source.STALE);
    }

    /** A stampede of different keys stops in front of the source, also with no cache before it. */
    @Test
    void get_redisStoppedAndManyKeys_loadsThroughTheGateAndNobodyWaitsBeyondItsBudget() throws Exception {
        HeldLoads held = new HeldLoads(new AtomicInteger());
        Duration patience = Duration.ofMillis(300);
        LoadingCache<Integer, String> cache = registry()
                .newCache("gate", String.class)
                .maximumConcurrentLoads(4)
                .leaseTime(patience)
                .build(held::load);
        redis.server().stop();
        ExecutorService callers = Executors.newFixedThreadPool(24);
        try {
            List<Future<Duration>> reads = IntStream.range(0, 24)
                    .mapToObj(key -> callers.submit(() -> timeOf(() -> cache.get(key))))
                    .toList();
            held.awaitRunning(4);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> reads.stream().filter(Future::isDone).count() == 20);
            held.release();

            for (Future<Duration> read : reads) {
                assertThat(read.get()).isLessThan(BUDGET_WITH_SLACK.plus(patience));
            }
        } finally {
            held.release();
            callers.shutdown();
        }
        assertThat(cache.stats().refusedLoads()).isEqualTo(20);
        assertThat(cache.get(24)).isEqualTo("v24");
        assertThat(held.most).hasValue(4);
    }

    /** Returns how long a read takes, whether it gets a value or is told that there are loads enough. */
    private static Duration timeOf(Runnable read) {
        long start = System.nanoTime();
        try {
            read.run();
        } catch (CacheLoadException e) {
            assertThat(e).hasMessageContaining("maximumConcurrentLoads");
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void get_redisPaused_answersWithinItsBudget() {
        LoadingCache<String, String> cache = node();
        source.put("a", "1");
        awaitCaching(cache, "a");

        redis.server().pause();

        for (int i = 0; i < 20; i++) {
            source.put("p" + i, "v");
            long start = System.nanoTime();
            assertThat(cache.get("p" + i)).isEqualTo("v");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET_WITH_SLACK);
        }
        redis.server().resume();
        awaitCaching(cache, "a");
    }

    @Test
    void invalidate_redisAway_holdsHereAtOnceAndElsewhereAfterwards() {
        LoadingCache<String, String> one = node();
        LoadingCache<String, String> two = node();
        source.put("a", "1");
        awaitCaching(one, "a");
        awaitCaching(two, "a");
        redis.server().pause();
        source.put("a", "2");

        invalidateInVain(one);

        assertThat(one.get("a")).isEqualTo("2");
        redis.server().resume();
        await().atMost(10, TimeUnit.SECONDS).until(() -> "2".equals(two.get("a")));
        awaitCaching(one, "a");
        assertThat(one.get("a")).isEqualTo("2");
        assertThat(two.get("a")).isEqualTo("2");
    }

    @Test
    void invalidateAll_redisPaused_waitsForOneAnswerOfIt() {
        LoadingCache<String, String> cache = node();
        source.put("a", "1");
        awaitCaching(cache, "a");
        List<String> keys = IntStream.range(0, 5_000).mapToObj(i -> "k" + i).toList();
        redis.server().pause();

        long start = System.nanoTime();
        cache.invalidateAll(keys);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET_WITH_SLACK);
        redis.server().resume();
        awaitCaching(cache, "a");
    }

    @Test
    void invalidate_redisPausedAndThreadInterrupted_answersWithinItsBudgetAndIsSentLater() {
        LoadingCache<String, String> one = node();
        LoadingCache<String, String> two = node();
        source.put("a", "1");
        awaitCaching(one, "a");
        awaitCaching(two, "a");
        redis.server().pause();
        source.put("a", "2");
        Thread.currentThread().interrupt();

        long start = System.nanoTime();
        one.invalidate("a");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET_WITH_SLACK);
        redis.server().resume();
        await().atMost(10, TimeUnit.SECONDS).until(() -> "2".equals(two.get("a")));
    }

    @Test
    void invalidateAndPut_threadInterrupted_reachTheOtherNodeAndLeaveTrust() {
        LoadingCache<String, String> one = node();
        LoadingCache<String, String> two = node();
        source.put("a", "1");
        source.put("b", "1");
        awaitCaching(one, "a");
        awaitCaching(two, "a");
        one.get("b");
        two.get("b");
        source.put("a", "2");
        source.put("b", "2");
        Thread.currentThread().interrupt();

        one.invalidate("a");
        one.put("b", "2");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(one.get("a")).isEqualTo("2");
        assertThat(one.lookup("b").source()).isEqualTo(CacheResult.Source.LOCAL);
        await().atMost(5, TimeUnit.SECONDS).until(() -> "2".equals(two.get("a")) && "2".equals(two.get("b")));
        assertThat(registries).allSatisfy(registry -> {
            assertThat(registry.invalidationStats().flushes()).isZero();
            assertThat(registry.invalidationStats().pending()).isZero();
        });
    }

    @Test
    void close_redisAway_leavesNoListenerOnTheConnectionOnceItIsBack() throws Exception {
        RedisConnection connection = nodes.connect();
        CacheRegistry registry = registry(connection);
        LoadingCache<String, String> cache = cache(registry);
        source.put("a", "1");
        awaitCaching(cache, "a");
        assertThat(listeners(connection)).isEqualTo(1);
        redis.server().stop();
        await().atMost(10, TimeUnit.SECONDS).until(() -> !connection.guard().available());

        try (RecordedLog log = new RecordedLog("redis.RedisInvalidationLog")) {
            registry.close();
            redis.server().start();
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
            await().untilAsserted(() -> assertThat(listeners(connection)).isZero());
            assertThat(log.lines()).isEmpty();
        }
        try (CacheRegistry next = CacheRegistry.builder().redis(connection).build()) {
            await().until(() -> next.invalidationStats().trusted());
            await().untilAsserted(() -> assertThat(listeners(connection)).isEqualTo(1));
        }
        await().untilAsserted(() -> assertThat(listeners(connection)).isZero());
    }

    private static int listeners(RedisConnection connection) {
        return connection
                .guard()
                .call(
                        Duration.ofSeconds(1),
                        client -> CompletableFuture.completedFuture(
                                client.getTopic("{mp:millpond}:c", StringCodec.INSTANCE)
                                        .countListeners()));
    }

    private static void invalidateInVain(LoadingCache<String, String> cache) {
        try (RecordedLog log = new RecordedLog("redis.RedisInvalidationLog")) {
            cache.invalidate("a");
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN An invalidation could not be sent to Redis. It is kept and"
                            + " sent later; until then this node's caches answer from their loaders. "));
        }
    }

    @Test
    void get_redisRestartedEmpty_cachesAgain() {
        LoadingCache<String, String> one = node();
        LoadingCache<String, String> two = node();
        source.put("a", "1");
        awaitCaching(one, "a");
        awaitCaching(two, "a");
        redis.server().stop();
        source.put("a", "2");
        invalidateInVain(one);
        redis.server().start();

        await().atMost(10, TimeUnit.SECONDS).until(() -> "2".equals(two.get("a")));
        awaitCaching(one, "a");
        awaitCaching(two, "a");
        assertThat(one.get("a")).isEqualTo("2");
        assertThat(two.get("a")).isEqualTo("2");
    }
}
