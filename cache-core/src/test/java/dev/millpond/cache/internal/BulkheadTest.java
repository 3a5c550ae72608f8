package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Loads of different keys at the same time, over a store that keeps leases as Redis does.
 *
 * <p>The lease time is so long that a test ends too late where a load waits until its patience has ended.
 */
@Timeout(30)
class BulkheadTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = node();
    private final AtomicInteger loads = new AtomicInteger();
    private final HeldLoads held = new HeldLoads(loads);
    private final TestThreads threads = new TestThreads();

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time);
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void leavesNothingBehind() throws InterruptedException {
        threads.interruptAndJoin();
        registry.close();
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
    }

    private CacheBuilder<String> builder(String name, int maximum) {
        return registry.newCache(name, String.class)
                .leaseTime(Duration.ofMinutes(10))
                .maximumConcurrentLoads(maximum)
                .jitter(0);
    }

    /** Begins a read whose answer does not matter. */
    private void hold(Callable<?> read) {
        var unused = threads.begin(read);
    }

    private void awaitLoads(int count) {
        await().until(() -> loads.get() == count);
    }

    /** Waits until the thread begun last waits for something. */
    private void letWait() {
        Thread last = threads.last();
        await().until(() -> last.getState() == Thread.State.TIMED_WAITING);
    }

    /** Makes a cache whose one permit is taken, and whose callers do not wait long for it. */
    private LoadingCache<Integer, String> cacheWithoutAFreePermit() {
        LoadingCache<Integer, String> cache = registry.newCache("teams", String.class)
                .leaseTime(SHORT)
                .maximumConcurrentLoads(1)
                .build((Integer key) -> held.load(key));
        hold(() -> cache.get(1));
        awaitLoads(1);
        return cache;
    }

    @Test
    void get_moreKeysThanPermits_loadsSoManyAtOnceAndAllInTheEnd() throws Exception {
        LoadingCache<Integer, String> cache = builder("cache", 3).build((Integer key) -> held.load(key));
        List<FutureTask<String>> reads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int key = i;
            reads.add(threads.begin(() -> cache.get(key)));
        }
        awaitLoads(3);
        letWait();

        held.release();

        for (int i = 0; i < 10; i++) {
            assertThat(reads.get(i).get()).isEqualTo("v" + i);
        }
        assertThat(held.most).hasValue(3);
        assertThat(cache.stats().refusedLoads()).isZero();
    }

    @Test
    void get_sameKey_takesNoFurtherPermit() throws Exception {
        LoadingCache<Integer, String> cache = builder("cache", 2).build((Integer key) -> held.load(key));
        hold(() -> cache.get(1));
        awaitLoads(1);
        hold(() -> cache.get(1));
        letWait();

        FutureTask<String> other = threads.begin(() -> cache.get(2));

        awaitLoads(2);
        held.release();
        assertThat(other.get()).isEqualTo("v2");
    }

    @Test
    void get_noPermitInTime_failsWithCacheLimitRuleAndFix() {
        LoadingCache<Integer, String> cache = cacheWithoutAFreePermit();

        assertThatThrownBy(() -> cache.get(2))
                .isInstanceOf(CacheLoadException.class)
                .hasNoCause()
                .hasMessage(
                        "Cache 'teams' has 1 loads under way, as many as its maximumConcurrentLoads allows, and none"
                                + " of them ended within 20 ms; there is no value that may be served instead. Raise the maximum if"
                                + " the source can take more, or make the loader faster.");
        assertThat(cache.stats().refusedLoads()).isEqualTo(1);
        assertThat(cache.stats().loadFailures()).isZero();
    }

    @Test
    void get_noPermitInTime_leavesPermitsAsTheyWere() throws Exception {
        LoadingCache<Integer, String> cache = registry.newCache("teams", String.class)
                .leaseTime(SHORT)
                .maximumConcurrentLoads(1)
                .build((Integer key) -> held.load(key));
        FutureTask<String> first = threads.begin(() -> cache.get(1));
        awaitLoads(1);
        assertThatThrownBy(() -> cache.get(2)).isInstanceOf(CacheLoadException.class);
        held.release();
        first.get();

        assertThat(cache.get(2)).isEqualTo("v2");
        assertThat(cache.get(3)).isEqualTo("v3");
    }

    @Test
    void get_noPermitAndAStaleValue_isAnsweredWithThatAtOnce() {
        LoadingCache<Integer, String> cache = fillable("cache", 1);
        cache.get(2);
        time.advance(Duration.ofMinutes(1));
        hold(() -> cache.get(1));
        awaitLoads(2);

        CacheResult<String> answer = cache.lookup(2);

        assertThat(answer.source()).isEqualTo(Source.STALE);
        assertThat(answer.value()).contains("v2");
    }

    /** Holds no load but those of keys that it is asked for first when the clock has moved. */
    private LoadingCache<Integer, String> fillable(String name, int maximum) {
        long begun = time.read();
        return builder(name, maximum)
                .timeToLive(Duration.ofMinutes(1))
                .serveStaleFor(Duration.ofHours(1))
                .build((Integer key) -> {
                    if (time.read() > begun) {
                        return held.load(key);
                    }
                    loads.incrementAndGet();
                    return "v" + key;
                });
    }

    @Test
    void get_aPermitIsAwaited_holdsNoOtherNodeOff() {
        LoadingCache<Integer, String> cache = builder("cache", 1).build((Integer key) -> held.load(key));
        hold(() -> cache.get(1));
        awaitLoads(1);
        hold(() -> cache.get(2));
        letWait();

        try (CacheRegistry other = node()) {
            assertThat(other.newCache("cache", String.class)
                            .build((Integer key) -> "theirs")
                            .get(2))
                    .isEqualTo("theirs");
        }
    }

    @Test
    void get_loadedByAnotherNodeWhileAPermitIsAwaited_isNotLoadedAgain() throws Exception {
        LoadingCache<Integer, String> cache = builder("cache", 1).build((Integer key) -> held.load(key));
        hold(() -> cache.get(1));
        awaitLoads(1);
        FutureTask<String> second = threads.begin(() -> cache.get(2));
        letWait();
        try (CacheRegistry other = node()) {
            other.newCache("cache", String.class)
                    .build((Integer key) -> "theirs")
                    .get(2);
        }

        held.release();

        assertThat(second.get()).isEqualTo("theirs");
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_interruptedWhileItWaits_failsAndStaysInterrupted() throws Exception {
        LoadingCache<Integer, String> cache = builder("cache", 1).build((Integer key) -> held.load(key));
        hold(() -> cache.get(1));
        awaitLoads(1);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        FutureTask<String> second = threads.begin(() -> {
            try {
                return cache.get(2);
            } finally {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        letWait();

        threads.get(1).interrupt();

        assertThatThrownBy(second::get).cause().isInstanceOf(CacheLoadException.class);
        assertThat(interrupted).hasValue(true);
    }

    @Test
    void get_loaderFails_givesItsPermitBack() {
        LoadingCache<Integer, String> cache = builder("cache", 1).build((Integer key) -> {
            if (loads.getAndIncrement() == 0) {
                throw new IllegalStateException("down");
            }
            return "v" + key;
        });
        assertThatThrownBy(() -> cache.get(1)).isInstanceOf(CacheLoadException.class);

        assertThat(cache.get(2)).isEqualTo("v2");
    }

    @Test
    void get_loaderReadsAnotherKeyOfItsCache_needsNoSecondPermit() {
        LoadingCache<Integer, String> tree = tree(1);

        assertThat(tree.get(5)).isEqualTo("5432100");
    }

    /** Each key is made from the one below. */
    private LoadingCache<Integer, String> tree(int maximum) {
        AtomicReference<LoadingCache<Integer, String>> tree = new AtomicReference<>();
        tree.set(builder("tree", maximum)
                .build((Integer key) -> key
                        + (key == 0 ? "0" : Objects.requireNonNull(tree.get()).get(key - 1))));
        return Objects.requireNonNull(tree.get());
    }

    @Test
    void get_loadersOfTwoCachesReadEachOther_needNoPermitOfTheOther() throws Exception {
        CyclicBarrier bothLoad = new CyclicBarrier(2);
        Map<String, LoadingCache<Integer, String>> caches = new ConcurrentHashMap<>();
        for (List<String> names : List.of(List.of("one", "two"), List.of("two", "one"))) {
            caches.put(names.get(0), builder(names.get(0), 1).build(reading(bothLoad, () -> caches.get(names.get(1)))));
        }
        FutureTask<String> one = threads.begin(() -> cache(caches, "one").get(1));
        FutureTask<String> two = threads.begin(() -> cache(caches, "two").get(1));

        assertThat(one.get()).isEqualTo("1+leaf");
        assertThat(two.get()).isEqualTo("1+leaf");
    }

    private static LoadingCache<Integer, String> cache(Map<String, LoadingCache<Integer, String>> caches, String name) {
        return Objects.requireNonNull(caches.get(name));
    }

    private static CacheLoader<Integer, String> reading(
            CyclicBarrier bothLoad, Callable<LoadingCache<Integer, String>> other) {
        return key -> {
            if (key == 2) {
                return "leaf";
            }
            bothLoad.await();
            return key + "+" + other.call().get(2);
        };
    }

    @Test
    void get_loadReadsAKeyWhoseCallerAlreadyWaitsForAPermit_letsThatThrough() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, String> cache = parentsAndChildren(goOn);
        FutureTask<String> child = threads.begin(() -> cache.get("child"));
        awaitLoads(1);
        FutureTask<String> parent = threads.begin(() -> cache.get("parent"));
        letWait();

        goOn.countDown();

        assertThat(child.get()).isEqualTo("child of parent");
        assertThat(parent.get()).isEqualTo("parent");
        assertThat(loads).hasValue(2);
    }

    @Test
    void get_loadAlreadyWaitsForAKeyWhoseCallerThenNeedsAPermit_letsThatThrough() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        LoadingCache<String, String> cache = parentsAndChildren(goOn);
        FutureTask<String> child = threads.begin(() -> cache.get("child"));
        awaitLoads(1);
        store.beforeNext(InMemoryCacheStore.Command.GET, () -> {
            looking.countDown();
            awaitQuietly(looked);
        });
        FutureTask<String> parent = threads.begin(() -> cache.get("parent"));
        looking.await();
        goOn.countDown();
        await().until(() -> threads.get(0).getState() == Thread.State.TIMED_WAITING);

        looked.countDown();

        assertThat(child.get()).isEqualTo("child of parent");
        assertThat(parent.get()).isEqualTo("parent");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LoadingCache<String, String> parentsAndChildren(CountDownLatch goOn) {
        AtomicReference<LoadingCache<String, String>> cache = new AtomicReference<>();
        cache.set(builder("family", 1).build((String key) -> {
            loads.incrementAndGet();
            if (key.equals("parent")) {
                return key;
            }
            goOn.await();
            return key + " of " + Objects.requireNonNull(cache.get()).get("parent");
        }));
        return Objects.requireNonNull(cache.get());
    }

    /** Every permit is held by a load that reads what somebody waits for a permit for. */
    @Test
    void get_manyCallersOfATree_allEnd() throws Exception {
        LoadingCache<Integer, String> tree = tree(2);
        List<FutureTask<String>> reads = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int key = i;
            reads.add(threads.begin(() -> tree.get(key)));
        }

        for (FutureTask<String> read : reads) {
            assertThat(read.get()).endsWith("00");
        }
    }

    @Test
    void getAll_bulkLoader_needsOnePermitForAllKeys() throws Exception {
        LoadingCache<Integer, String> cache = bulk(1);
        FutureTask<Map<Integer, String>> first = threads.begin(() -> cache.getAll(List.of(1, 2, 3)));
        awaitLoads(1);
        FutureTask<Map<Integer, String>> second = threads.begin(() -> cache.getAll(List.of(4, 5)));
        letWait();
        assertThat(loads).hasValue(1);

        held.release();

        assertThat(first.get()).hasSize(3);
        assertThat(second.get()).hasSize(2);
        assertThat(held.most).hasValue(1);
    }

    private LoadingCache<Integer, String> bulk(int maximum) {
        return builder("bulk", maximum)
                .timeToLive(Duration.ofMinutes(1))
                .serveStaleFor(Duration.ofHours(1))
                .buildBulk((Set<Integer> keys) -> {
                    if (keys.contains(99)) {
                        loads.incrementAndGet();
                    } else {
                        held.load(keys);
                    }
                    return keys.stream().collect(Collectors.toMap(key -> key, key -> "v" + key));
                });
    }

    @Test
    void getAll_noPermitAndStaleValues_isAnsweredWithThoseAndWithWhatIsFresh() {
        LoadingCache<Integer, String> cache = bulk(1);
        cache.getAll(List.of(99, 2));
        time.advance(Duration.ofSeconds(30));
        cache.put(3, "fresh");
        time.advance(Duration.ofSeconds(30));
        hold(() -> cache.get(1));
        awaitLoads(2);

        assertThat(cache.getAll(List.of(2, 3, 99))).isEqualTo(Map.of(2, "v2", 3, "fresh", 99, "v99"));

        assertThat(cache.stats().staleServed()).isEqualTo(2);
        assertThat(cache.stats().refusedLoads()).isEqualTo(1);
    }

    @Test
    void getAll_waitsForAPermit_othersHaveAtOnceWhatRedisHas() throws Exception {
        LoadingCache<Integer, String> cache = builder("cache", 1).build((Integer key) -> held.load(key));
        try (CacheRegistry other = node()) {
            other.newCache("cache", String.class).<Integer>build().put(2, "there");
        }
        hold(() -> cache.get(1));
        awaitLoads(1);
        FutureTask<Map<Integer, String>> many = threads.begin(() -> cache.getAll(List.of(2, 3)));
        letWait();

        assertThat(cache.get(2)).isEqualTo("there");

        held.release();
        assertThat(many.get()).isEqualTo(Map.of(2, "there", 3, "v3"));
    }

    @Test
    void getAll_noPermitInTime_failsAndLeavesNoFlightBehind() throws Exception {
        LoadingCache<Integer, String> cache = registry.newCache("teams", String.class)
                .leaseTime(SHORT)
                .maximumConcurrentLoads(1)
                .build((Integer key) -> held.load(key));
        FutureTask<String> first = threads.begin(() -> cache.get(1));
        awaitLoads(1);

        assertThatThrownBy(() -> cache.getAll(List.of(2, 3)))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("maximumConcurrentLoads");

        held.release();
        first.get();
        assertThat(cache.getAll(List.of(2, 3))).hasSize(2);
    }

    @Test
    void refresh_noPermitInTime_fails() {
        LoadingCache<Integer, String> cache = cacheWithoutAFreePermit();

        assertThatThrownBy(() -> cache.refresh(2))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("maximumConcurrentLoads");
    }

    @Test
    void get_cacheIsOff_hasNoMaximum() throws Exception {
        LoadingCache<Integer, String> cache = builder("off", 1).enabled(false).build((Integer key) -> held.load(key));
        List<FutureTask<String>> reads = IntStream.range(0, 3)
                .mapToObj(key -> threads.begin(() -> cache.get(key)))
                .toList();

        awaitLoads(3);

        held.release();
        for (FutureTask<String> read : reads) {
            read.get();
        }
    }
}
