package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
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

/** What loads leave behind that nobody waits for any more, and how they wait for each other. */
@Timeout(30)
class LateLoadTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = node();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();
    private volatile boolean hangs;

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).namespace("test");
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        goOn.countDown();
        registry.close();
        await().untilAsserted(
                        () -> assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue());
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class)
                .timeToLive(Duration.ofMinutes(1))
                .leaseTime(LONG)
                .jitter(0);
    }

    private CacheBuilder<String> builder() {
        return builder("cache");
    }

    private CacheBuilder<String> staling() {
        return builder().serveStaleFor(Duration.ofHours(1));
    }

    /** A loader that hangs, if the test says so, and knows no interrupts, as many drivers do. */
    private String load(Object key) {
        String value = "v" + loads.incrementAndGet();
        if (hangs) {
            time.advance(SHORT);
        }
        while (hangs && goOn.getCount() > 0) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                // goes on waiting
            }
        }
        return value;
    }

    private LoadingCache<String, String> bulk(CacheBuilder<String> builder) {
        return builder.buildBulk((Set<String> keys) -> {
            String value = load(keys);
            return keys.stream().collect(Collectors.toMap(key -> key, key -> value));
        });
    }

    private static <T> FutureTask<T> begin(Callable<T> read) {
        FutureTask<T> task = new FutureTask<>(read);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void assertTooLate(Callable<?> read) {
        assertThatThrownBy(read::call).hasMessageContaining("took longer than its hardTimeout of 100 ms");
    }

    @Test
    void getAll_loaderReadsAnotherOfItsKeys_loadsThatBeside() throws Exception {
        AtomicReference<@Nullable LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = builder()
                .hardTimeout(LONG)
                .build((String key) ->
                        key.equals("a") ? Objects.requireNonNull(self.get()).get("b") + "+" : "b");
        self.set(cache);

        FutureTask<Map<String, String>> read = begin(() -> cache.getAll(List.of("a", "b")));

        await().until(read::isDone);
        assertThat(read.get()).isEqualTo(Map.of("a", "b+", "b", "b"));
    }

    @Test
    void getAll_loaderReadsWhatReadsAnotherOfItsKeys_loadsThatBeside() throws Exception {
        AtomicReference<@Nullable LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> limited = builder("limited")
                .hardTimeout(LONG)
                .build((String key) -> Objects.requireNonNull(self.get()).get(key) + "+");
        LoadingCache<String, String> cache = builder().build((String key) -> key.equals("a") ? limited.get("b") : "b");
        self.set(cache);

        FutureTask<Map<String, String>> read = begin(() -> cache.getAll(List.of("a", "b")));

        await().until(read::isDone);
        assertThat(read.get()).isEqualTo(Map.of("a", "b+", "b", "b"));
    }

    @Test
    void getAll_loadersOfTwoCachesReadEachOther_oneSaysSo() {
        AtomicReference<@Nullable LoadingCache<String, String>> second = new AtomicReference<>();
        CountDownLatch bothLoad = new CountDownLatch(2);
        LoadingCache<String, String> first = builder().hardTimeout(LONG).build((String key) -> {
            bothLoad.countDown();
            bothLoad.await();
            return Objects.requireNonNull(second.get()).get(key);
        });
        second.set(builder("second").hardTimeout(LONG).build((String key) -> {
            bothLoad.countDown();
            bothLoad.await();
            return first.get(key);
        }));
        FutureTask<?> one = begin(() -> first.getAll(List.of("a")));
        FutureTask<?> two = begin(() -> Objects.requireNonNull(second.get()).getAll(List.of("a")));

        await().until(() -> one.isDone() && two.isDone());
        for (FutureTask<?> read : List.of(one, two)) {
            assertThatThrownBy(read::get)
                    .rootCause()
                    .hasMessageContaining("loaders read each other's keys in a circle");
        }
    }

    @Test
    void get_loaderNeverReturns_isCountedOnceAsFailedAndAsSlow() {
        hangs = true;
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).slowLoadThreshold(SHORT).build(this::load);

        assertTooLate(() -> cache.get("a"));

        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThat(cache.stats().totalLoadTime()).isEqualTo(SHORT);
        await().until(() -> cache.stats().slowLoads() == 1);
        goOn.countDown();
        await().until(() -> cache.stats().rejectedStores() == 1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThat(cache.stats().slowLoads()).isEqualTo(1);
        assertThat(cache.stats().loads()).isZero();
    }

    @Test
    void refresh_loaderNeverReturns_isCountedAndRemembered() {
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).failureTimeToLive(LONG).build(this::load);
        hangs = true;

        assertTooLate(() -> cache.refresh("a"));

        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThatThrownBy(() -> cache.get("a")).hasMessageContaining("failureTimeToLive");
        assertThat(loads).hasValue(1);
    }

    private void putBoth(LoadingCache<String, String> cache) {
        cache.put("a", "v0");
        cache.put("b", "v0");
        time.advance(Duration.ofMinutes(1));
    }

    @Test
    void getAll_bulkLoaderHangs_theSourceIsLeftAloneForASecond() {
        LoadingCache<String, String> cache = bulk(staling().hardTimeout(SHORT));
        putBoth(cache);
        hangs = true;

        assertThat(cache.getAll(List.of("a", "b"))).containsEntry("a", "v0");
        assertThat(cache.getAll(List.of("a", "b"))).containsEntry("a", "v0");

        assertThat(loads).hasValue(1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void getAll_bulkLoaderReturnsTooLate_isNoSuccess() {
        LoadingCache<String, String> cache = bulk(staling().hardTimeout(SHORT));
        putBoth(cache);
        hangs = true;
        cache.getAll(List.of("a", "b"));

        goOn.countDown();

        await().until(() -> cache.stats().rejectedStores() == 1);
        assertThat(cache.stats().loads()).isZero();
        assertThat(cache.getAll(List.of("a", "b"))).containsEntry("a", "v0");
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_joinsALoadWhoseCallerWasAnsweredStale_isAnsweredStaleToo() throws Exception {
        LoadingCache<String, String> cache =
                staling().consistency(Consistency.STRICT).softTimeout(SHORT).build(this::load);
        cache.get("a");
        time.advance(Duration.ofMinutes(1));
        hangs = true;
        FutureTask<Source> first = begin(() -> cache.lookup("a").source());
        await().until(() -> loads.get() == 2);

        FutureTask<Source> second = begin(() -> cache.lookup("a").source());

        await().until(() -> first.isDone() && second.isDone());
        assertThat(first.get()).isEqualTo(Source.STALE);
        assertThat(second.get()).isEqualTo(Source.STALE);
        assertThat(loads).hasValue(2);
    }

    @Test
    void get_joinsALoadThatTimesOutAndAStaleValueIsInRedisAlone_isAnsweredWithThat() throws Exception {
        LoadingCache<String, String> cache =
                staling().consistency(Consistency.STRICT).hardTimeout(SHORT).build(this::load);
        cache.put("a", "v0");
        time.advance(Duration.ofMinutes(1));
        hangs = true;
        FutureTask<Source> first = begin(() -> cache.lookup("a").source());
        FutureTask<Source> second = begin(() -> cache.lookup("a").source());

        await().until(() -> first.isDone() && second.isDone());
        assertThat(first.get()).isEqualTo(Source.STALE);
        assertThat(second.get()).isEqualTo(Source.STALE);
    }

    @Test
    void get_joinsALoadLongAfterItsSoftTimeout_isNotAnsweredByWhatIsTooOld() throws Exception {
        LoadingCache<String, String> cache =
                staling().consistency(Consistency.STRICT).softTimeout(SHORT).build(this::load);
        cache.get("a");
        time.advance(Duration.ofMinutes(1));
        hangs = true;
        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);
        time.advance(Duration.ofHours(1));

        FutureTask<String> read = begin(() -> cache.get("a"));
        goOn.countDown();

        assertThat(read.get()).isNotEqualTo("v1");
    }

    @Test
    void get_noPermitIsFreeAndAStaleValueIsThere_isAnsweredAtOnce() throws Exception {
        LoadingCache<String, String> cache =
                staling().softTimeout(LONG).maximumConcurrentLoads(1).build(this::load);
        cache.get("a");
        time.advance(Duration.ofMinutes(1));
        hangs = true;
        FutureTask<String> other = begin(() -> cache.get("b"));
        await().until(() -> loads.get() == 2);

        FutureTask<Source> read = begin(() -> cache.lookup("a").source());

        await().until(read::isDone);
        assertThat(read.get()).isEqualTo(Source.STALE);
        goOn.countDown();
        other.get();
    }

    @Test
    void get_loaderThrowsAnError_isCounted() {
        LoadingCache<String, String> cache = builder().build((String key) -> {
            throw new StackOverflowError();
        });

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(StackOverflowError.class);

        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }
}
