package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that take longer than their callers wait, on two nodes over one store. */
@Timeout(30)
class LoadTimeoutTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = node();
    private final CacheRegistry other = node();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicReference<@Nullable Thread> loader = new AtomicReference<>();
    private final TestThreads threads = new TestThreads();
    private volatile boolean slow = true;
    private volatile boolean deaf;

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).namespace("test");
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void close() throws InterruptedException {
        goOn.countDown();
        threads.join();
        registry.close();
        other.close();
        await().untilAsserted(
                        () -> assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue());
    }

    /** A loader that takes until the test says so, or it is interrupted, if it listens. */
    private String load(Object key) throws InterruptedException {
        int load = loads.incrementAndGet();
        loader.set(Thread.currentThread());
        try {
            if (slow) {
                hold();
            }
            return "v" + load;
        } finally {
            if (slow) {
                ended.countDown();
            }
        }
    }

    private void hold() throws InterruptedException {
        while (true) {
            try {
                goOn.await();
                return;
            } catch (InterruptedException e) {
                if (!deaf) {
                    throw e;
                }
            }
        }
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("cache", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .leaseTime(LONG)
                .jitter(0);
    }

    private LoadingCache<String, String> staling(CacheBuilder<String> builder) {
        LoadingCache<String, String> cache =
                builder.serveStaleFor(Duration.ofHours(1)).build(this::load);
        cache.put("a", "v1");
        loads.set(1);
        time.advance(Duration.ofMinutes(1));
        return cache;
    }

    private static void assertTooLate(Callable<?> read) {
        assertThatThrownBy(read::call)
                .isInstanceOf(CacheLoadException.class)
                .hasNoCause()
                .hasMessage(
                        "A load of cache 'cache' took longer than its hardTimeout of 500 ms and was interrupted; there"
                                + " is no value that may be served instead. Raise the timeout, or make the loader faster.");
    }

    @Test
    void get_noTimeouts_loadsOnTheCallersThread() {
        slow = false;
        builder().build(this::load).get("a");

        assertThat(loader).hasValue(Thread.currentThread());
    }

    @Test
    void get_softTimeoutAndNothingStale_loadsOnTheCallersThread() {
        slow = false;
        builder().softTimeout(SHORT).serveStaleFor(LONG).build(this::load).get("a");

        assertThat(loader).hasValue(Thread.currentThread());
    }

    @Test
    void get_loadIsFasterThanBothTimeouts_isAnsweredWithItsValue() {
        LoadingCache<String, String> cache =
                staling(builder().softTimeout(LONG.dividedBy(2)).hardTimeout(LONG));
        slow = false;

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(cache.lookup("a").value()).contains("v2");
    }

    @Test
    void get_softTimeoutPasses_isAnsweredStaleAndTheLoadIsStored() {
        LoadingCache<String, String> cache = staling(builder().softTimeout(SHORT));

        CacheResult<String> answer = cache.lookup("a");

        assertThat(answer.source()).isEqualTo(Source.STALE);
        assertThat(answer.value()).contains("v1");
        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);
        goOn.countDown();
        await().untilAsserted(() -> assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL));
        assertThat(cache.get("a")).isEqualTo("v2");
        assertThat(loads).hasValue(2);
        assertThat(theirs().get("a")).isEqualTo("v2");
    }

    private LoadingCache<String, String> theirs() {
        return other.newCache("cache", String.class).build((String key) -> "theirs");
    }

    @Test
    void get_softTimeoutPassesAndTheStaleValueIsInRedisAlone_isAnsweredWithThat() {
        LoadingCache<String, String> cache = staling(builder().softTimeout(SHORT));
        LoadingCache<String, String> second = other.newCache("cache", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .serveStaleFor(Duration.ofHours(1))
                .leaseTime(LONG)
                .softTimeout(SHORT)
                .build(this::load);

        assertThat(second.lookup("a").source()).isEqualTo(Source.STALE);
        assertThat(second.lookup("a").source()).isEqualTo(Source.STALE);
        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);

        assertThat(loads).hasValue(2);
    }

    @Test
    void get_invalidatedWhileTheLoadGoesOn_itIsNotStored() throws Exception {
        LoadingCache<String, String> cache = staling(builder().softTimeout(SHORT));
        cache.get("a");
        cache.invalidate("a");
        goOn.countDown();
        ended.await();
        slow = false;

        assertThat(cache.get("a")).isEqualTo("v3");
        assertThat(theirs().get("a")).isEqualTo("v3");
    }

    @Test
    void get_hardTimeoutPasses_failsAndInterruptsTheLoader() throws Exception {
        LoadingCache<String, String> cache = builder().hardTimeout(SHORT).build(this::load);

        assertTooLate(() -> cache.get("a"));

        ended.await();
        await().until(() -> store.keys().isEmpty());
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void get_hardTimeoutPassesAndAStaleValueIsThere_isAnsweredWithThat() {
        LoadingCache<String, String> cache = staling(builder().hardTimeout(SHORT));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);
    }

    /** Nobody waits for it then, so the time runs without its callers. */
    @Test
    void get_hardTimeoutPassesAfterTheSoftOne_interruptsTheLoader() throws Exception {
        LoadingCache<String, String> cache =
                staling(builder().softTimeout(Duration.ofMillis(1)).hardTimeout(SHORT));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);

        ended.await();
    }

    @Test
    void get_loaderReturnsAfterTheHardTimeout_isNotStored() throws Exception {
        deaf = true;
        LoadingCache<String, String> cache = builder().hardTimeout(SHORT).build(this::load);
        assertTooLate(() -> cache.get("a"));

        goOn.countDown();

        await().until(() -> cache.stats().rejectedStores() == 1);
        await().until(() -> store.keys().isEmpty());
        assertThat(cache.getIfPresent("a")).isEmpty();
    }

    @Test
    void get_whileATimedOutLoaderHangs_loadsAgainAndTheOldOneStoresNothing() {
        deaf = true;
        LoadingCache<String, String> cache = builder().hardTimeout(SHORT).build(this::load);
        assertTooLate(() -> cache.get("a"));
        slow = false;

        String again = inTime(() -> cache.get("a"));

        goOn.countDown();
        await().until(() -> cache.stats().rejectedStores() == 1);
        assertThat(again).isNotEqualTo("v1");
        assertThat(cache.get("a")).isEqualTo(again);
        assertThat(theirs().get("a")).isEqualTo(again);
    }

    /** Loads that should be in time, which on a slow machine even those may not be. */
    private static <T> T inTime(Callable<T> read) {
        return await().ignoreExceptions().until(read, answer -> true);
    }

    @Test
    void get_timedOutLoadersHang_keepTheirPermits() {
        deaf = true;
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).maximumConcurrentLoads(2).build(this::load);
        assertTooLate(() -> cache.get("a"));
        assertTooLate(() -> cache.get("b"));

        assertThatThrownBy(() -> cache.get("c")).hasMessageContaining("maximumConcurrentLoads");
        assertThat(loads).hasValue(2);

        goOn.countDown();
        slow = false;
        await().until(() -> cache.stats().rejectedStores() == 2);
        assertThat(inTime(() -> cache.get("c"))).isNotIn("v1", "v2");
    }

    @Test
    void get_timedOut_isRememberedAsAFailure() {
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).failureTimeToLive(LONG).build(this::load);
        assertTooLate(() -> cache.get("a"));

        assertThatThrownBy(() -> cache.get("a")).hasMessageContaining("failureTimeToLive");
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_joinsALoadThatTimesOut_sharesTheFailure() {
        LoadingCache<String, String> cache = builder().hardTimeout(SHORT).build(this::load);
        FutureTask<String> first = threads.begin(() -> cache.get("a"));
        FutureTask<String> second = threads.begin(() -> cache.get("a"));

        for (FutureTask<String> read : List.of(first, second)) {
            assertThatThrownBy(read::get)
                    .cause()
                    .isInstanceOf(CacheLoadException.class)
                    .hasMessageContaining("hardTimeout");
        }
    }

    @Test
    void get_interruptedWhileTheLoadRuns_failsAtOnceAndTheLoadGoesOn() throws Exception {
        LoadingCache<String, String> cache = builder().hardTimeout(LONG).build(this::load);
        FutureTask<String> read = threads.begin(() -> cache.get("a"));
        await().until(() -> loads.get() == 1);

        threads.get(0).interrupt();

        assertThatThrownBy(read::get).cause().isInstanceOf(CacheLoadException.class);
        goOn.countDown();
        assertThat(cache.get("a")).isEqualTo("v1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_onAThreadOfItsOwn_recordsTagsAndDependencies() {
        LoadingCache<String, String> base =
                registry.newCache("base", String.class).build((String key) -> key);
        slow = false;
        LoadingCache<String, String> cache = builder().hardTimeout(LONG).build((String key, LoadContext context) -> {
            context.tag(Tag.of("tag", 1));
            base.get(key);
            return load(key);
        });
        assertThat(cache.get("a")).isEqualTo("v1");
        assertThat(loader.get()).isNotEqualTo(Thread.currentThread());

        base.invalidate("a");
        assertThat(cache.get("a")).isEqualTo("v2");
        registry.invalidate(Tag.of("tag", 1));
        assertThat(cache.get("a")).isEqualTo("v3");
    }

    @Test
    void get_limitedLoadInsideALimitedLoad_isRecordedAsADependency() {
        slow = false;
        LoadingCache<String, String> base =
                registry.newCache("base", String.class).hardTimeout(LONG).build(this::load);
        LoadingCache<String, String> cache = builder().hardTimeout(LONG).build((String key) -> base.get(key) + "+");
        assertThat(cache.get("a")).isEqualTo("v1+");

        base.invalidate("a");

        assertThat(cache.get("a")).isEqualTo("v2+");
    }

    @Test
    void get_limitedLoaderReadsItsOwnKey_saysSo() {
        AtomicReference<LoadingCache<String, String>> self = new AtomicReference<>();
        self.set(builder()
                .hardTimeout(LONG)
                .build((String key) -> Objects.requireNonNull(self.get()).get(key)));

        assertThatThrownBy(() -> Objects.requireNonNull(self.get()).get("a"))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("A loader must not read its own key.");
    }

    @Test
    void get_limitedLoadersReadEachOther_oneSaysSo() throws Exception {
        AtomicReference<LoadingCache<String, String>> second = new AtomicReference<>();
        CountDownLatch bothLoad = new CountDownLatch(2);
        LoadingCache<String, String> first = builder().hardTimeout(LONG).build((String key) -> {
            bothLoad.countDown();
            bothLoad.await();
            return Objects.requireNonNull(second.get()).get(key);
        });
        second.set(registry.newCache("second", String.class)
                .leaseTime(LONG)
                .hardTimeout(LONG)
                .build((String key) -> {
                    bothLoad.countDown();
                    bothLoad.await();
                    return first.get(key);
                }));
        FutureTask<String> one = threads.begin(() -> first.get("a"));
        FutureTask<String> two =
                threads.begin(() -> Objects.requireNonNull(second.get()).get("a"));

        for (FutureTask<String> read : List.of(one, two)) {
            assertThatThrownBy(read::get)
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("loaders read each other's keys in a circle");
        }
    }

    @Test
    void getAll_bulkLoadTimesOut_failsAndLeavesNeitherLeaseNorFlight() {
        LoadingCache<String, String> cache = bulk(builder().hardTimeout(SHORT));

        assertTooLate(() -> cache.getAll(List.of("a", "b")));

        slow = false;
        assertThat(inTime(() -> cache.getAll(List.of("a", "b")))).hasSize(2);
    }

    private LoadingCache<String, String> bulk(CacheBuilder<String> builder) {
        return builder.buildBulk((Set<String> keys) -> {
            String value = load(keys);
            return keys.stream().collect(Collectors.toMap(key -> key, key -> value));
        });
    }

    @Test
    void getAll_bulkLoadTimesOutAndStaleValuesAreThere_isAnsweredWithThose() {
        LoadingCache<String, String> cache = bulk(builder().hardTimeout(SHORT).serveStaleFor(Duration.ofHours(1)));
        cache.put("a", "v1");
        cache.put("b", "v1");
        time.advance(Duration.ofMinutes(1));

        assertThat(cache.getAll(List.of("a", "b"))).isEqualTo(Map.of("a", "v1", "b", "v1"));
    }

    @Test
    void refresh_timesOut_failsAndLeavesTheEntry() {
        LoadingCache<String, String> cache = builder().hardTimeout(SHORT).build(this::load);
        cache.put("a", "v1");

        assertTooLate(() -> cache.refresh("a"));

        assertThat(cache.get("a")).isEqualTo("v1");
    }
}
