package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loads leave behind that nobody waits for any more, and how they wait for each other. */
@Timeout(30)
class LateLoadTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = node();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();
    private volatile boolean hangs;

    private CacheRegistry node() {
        return node(null);
    }

    private CacheRegistry node(@Nullable LoadObserver observer) {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).namespace("test");
        if (observer != null) {
            builder.loadObserver(observer);
        }
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
        assertThatThrownBy(read::call).hasMessageContaining("took longer than its hardTimeout of 500 ms");
    }

    private String loadConditionally(String key, LoadContext load) {
        load(key);
        return load.lastVersion().isPresent()
                ? Objects.requireNonNull(load.notModified())
                : load.version("v1").toString();
    }

    @Test
    void get_notModifiedAfterTheHardTimeout_isThrownAwayAndNotCounted() {
        // Made where nothing limits the load, so that the limit of the others is met by the one that hangs alone.
        node().newCache("cache", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .jitter(0)
                .build(this::loadConditionally)
                .get("a");
        LoadingCache<String, String> cache = builder().hardTimeout(SHORT).build(this::loadConditionally);
        assertThat(cache.lookup("a").source()).isEqualTo(Source.REMOTE);
        time.advance(Duration.ofMinutes(1));
        hangs = true;
        assertTooLate(() -> cache.get("a"));

        goOn.countDown();

        await().untilAsserted(() -> assertThat(cache.stats().rejectedStores()).isEqualTo(1));
        assertThat(cache.stats().notModified()).isZero();
        assertThat(cache.getIfPresent("a")).isEmpty();
        await().ignoreExceptionsMatching(e -> String.valueOf(e.getMessage()).contains("took longer"))
                .until(() -> cache.get("a") != null);
        assertThat(cache.stats().notModified()).isEqualTo(1);
    }

    @Test
    void get_notModifiedAfterTheSoftTimeout_isFreshForAll() {
        LoadingCache<String, String> cache = staling().softTimeout(SHORT).build(this::loadConditionally);
        String first = cache.get("a");
        time.advance(Duration.ofMinutes(1));
        hangs = true;
        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);

        goOn.countDown();

        await().untilAsserted(() -> assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL));
        assertThat(cache.get("a")).isEqualTo(first);
        assertThat(store.count(Command.REPLACE_HEADERS)).isEqualTo(1);
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

    @Test
    void get_loadFailsWhenTheStaleValueHasBecomeTooOld_isNotAnsweredWithThat() {
        LoadingCache<String, String> cache = staling().build((String key) -> {
            time.advance(Duration.ofHours(1));
            throw new IOException("down");
        });
        cache.put("a", "v0");
        time.advance(Duration.ofMinutes(1));

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
    }

    @Test
    void get_hardTimeoutPassesWhenTheStaleValueHasBecomeTooOld_isNotAnsweredWithThat() {
        LoadingCache<String, String> cache = staling().hardTimeout(SHORT).build((String key) -> {
            time.advance(Duration.ofHours(1));
            return load(key);
        });
        cache.put("a", "v0");
        time.advance(Duration.ofMinutes(1));
        hangs = true;

        assertTooLate(() -> cache.get("a"));
    }

    /** Begins a read for which another node has the lease, and has that run out. */
    private FutureTask<String> beginAfterAnotherNodesLease(LoadingCache<String, String> cache, String key) {
        CountDownLatch theirs = new CountDownLatch(1);
        CacheRegistry other = node();
        LoadingCache<String, String> otherCache = other.newCache("cache", String.class)
                .leaseTime(LONG)
                .build((String loaded) -> {
                    theirs.countDown();
                    goOn.await();
                    return "theirs";
                });
        var unused = begin(() -> otherCache.get(key));
        await().until(() -> theirs.getCount() == 0);
        store.forgetCommands();
        FutureTask<String> read = begin(() -> cache.get(key));
        await().until(() -> store.count(Command.GET_OR_LEASE) == 1);
        store.clear();
        return read;
    }

    @Test
    void get_leaseObtainedByWaitingAndNoPermitFree_hardTimeoutApplies() {
        hangs = true;
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).maximumConcurrentLoads(1).build(this::load);
        assertTooLate(() -> cache.get("x"));

        FutureTask<String> read = beginAfterAnotherNodesLease(cache, "a");

        await().until(read::isDone);
        assertTooLate(() -> causeOf(read));
        assertThat(loads).hasValue(2);
    }

    private static Object causeOf(FutureTask<?> read) throws Exception {
        try {
            return read.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    /** Loads that are left alone and keep no permit are threads that the source could cost without end. */
    @Test
    void get_asManyHangWithoutAPermitAsMayLoad_nextOneFailsAtOnceAndGivesItsLeaseBack() {
        hangs = true;
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).maximumConcurrentLoads(1).build(this::load);
        assertTooLate(() -> cache.get("x"));
        FutureTask<String> first = beginAfterAnotherNodesLease(cache, "a");
        await().until(first::isDone);

        FutureTask<String> second = beginAfterAnotherNodesLease(cache, "b");

        await().until(second::isDone);
        assertThatThrownBy(() -> causeOf(second))
                .isInstanceOf(CacheLoadException.class)
                .hasMessage("Cache 'cache' has 1 loads beyond its maximumConcurrentLoads that took longer than its"
                        + " hardTimeout and still go on, so no further one begins; there is no value that may be served"
                        + " instead. Make the loader end when it is interrupted.");
        assertThat(loads).hasValue(2);
        assertThat(store.keys()).isEmpty();

        goOn.countDown();
        hangs = false;
        await().until(() -> cache.stats().rejectedStores() == 2);
        await().ignoreExceptions().until(() -> cache.get("c") != null); // on a slow machine not at once
    }

    @Test
    void get_letThroughWithoutAPermit_hardTimeoutApplies() {
        CountDownLatch childIsRead = new CountDownLatch(1);
        AtomicReference<@Nullable LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = builder()
                .hardTimeout(Duration.ofSeconds(1))
                .maximumConcurrentLoads(1)
                .build((String key) -> {
                    if (key.equals("child")) {
                        return load(key);
                    }
                    loads.incrementAndGet();
                    childIsRead.await();
                    return Objects.requireNonNull(self.get()).get("child");
                });
        self.set(cache);
        hangs = true;
        FutureTask<String> parent = begin(() -> cache.get("parent"));
        await().until(() -> loads.get() == 1);
        FutureTask<String> child = begin(() -> cache.get("child"));
        await().until(() -> store.count(Command.GET) == 2);
        childIsRead.countDown();

        await().until(() -> child.isDone() && parent.isDone());
        assertThatThrownBy(() -> causeOf(child)).hasMessageContaining("hardTimeout");
    }

    /** The load does not begin then, so that nothing else would. */
    @Test
    void get_leaseObtainedByWaitingAndNoThreadCanBegin_leaseGoesBack() {
        registry.close();
        CacheRegistry mine = node(new LoadObserver() {
            @Override
            public Observed begin(Load load) {
                return failure -> {};
            }

            @Override
            public Runnable carry(Runnable task) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        LoadingCache<String, String> cache = mine.newCache("cache", String.class)
                .leaseTime(LONG)
                .hardTimeout(LONG)
                .build(this::load);

        FutureTask<String> read = beginAfterAnotherNodesLease(cache, "a");

        await().until(read::isDone);
        assertThatThrownBy(() -> read.get()).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(store.keys()).isEmpty();
    }

    /** Another node gets the lease between the look and the request for it. */
    @Test
    void get_hardTimeoutPassesInTheWaitForALease_theLoaderIsNotCalledAndHasNotFailed() {
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).failureTimeToLive(LONG).build(this::load);
        LoadingCache<String, String> other = node().newCache("cache", String.class)
                .leaseTime(LONG)
                .build((String key) -> {
                    goOn.await();
                    return "theirs";
                });
        store.beforeNext(Command.GET_OR_LEASE, () -> {
            var unused = begin(() -> other.get("a"));
            await().until(() -> store.keys().size() == 1);
        });

        assertTooLate(() -> cache.get("a"));

        await().untilAsserted(() -> assertThat(loadThreads()).noneMatch(LateLoadTest::isInALoad));
        assertThat(loads).hasValue(0);
        assertThat(cache.stats().loadFailures()).isZero();
        store.clear();
        goOn.countDown();
        await().ignoreExceptionsMatching(e -> String.valueOf(e.getMessage()).contains("hardTimeout"))
                .until(() -> cache.get("a") != null);
    }

    private static Stream<Thread> loadThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("millpond-load"));
    }

    private static boolean isInALoad(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(LimitedLoad.class.getName()));
    }

    @Test
    void get_hardTimeoutPassesAndWhatTheLoaderHadReadIsInvalidated_isLoadedAgain() {
        LoadingCache<String, String> base = builder("base").build((String key) -> key);
        LoadingCache<String, String> cache =
                builder().hardTimeout(SHORT).failureTimeToLive(LONG).build((String key) -> base.get(key) + load(key));
        hangs = true;
        assertTooLate(() -> cache.get("a"));
        assertThatThrownBy(() -> cache.get("a")).hasMessageContaining("failureTimeToLive");
        hangs = false;

        base.invalidate("a");

        await().ignoreExceptionsMatching(e -> String.valueOf(e.getMessage()).contains("took longer"))
                .until(() -> cache.get("a") != null);
    }
}
