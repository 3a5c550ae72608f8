package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Refreshes of one key at once, on one node. */
@Timeout(30)
class RefreshTest {

    private static final Tag TAG = Tag.of("tag", "a");

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final CacheRegistry registry = AssembledRegistry.of(time, store, new InMemoryInvalidationLog(time).node());
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch firstLoads = new CountDownLatch(1);
    private final CountDownLatch firstGoesOn = new CountDownLatch(1);
    private final TestThreads threads = new TestThreads();

    @AfterEach
    void close() throws InterruptedException {
        threads.interruptAndJoin();
        registry.close();
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
    }

    /** Counts its loads from zero, so that a cache can be filled before the first one that is held. */
    private String load() throws InterruptedException {
        int load = loads.getAndIncrement();
        if (load == 1) {
            firstLoads.countDown();
            firstGoesOn.await();
        }
        return "load " + load;
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class).leaseTime(Duration.ofMinutes(10));
    }

    private LoadingCache<String, String> filledCache() {
        LoadingCache<String, String> cache = builder("cache").build((String key, LoadContext load) -> {
            load.tag(TAG);
            return load();
        });
        cache.get("a");
        return cache;
    }

    /** Waits until the thread begun last waits for another one, or is at its end. */
    private void letWait(FutureTask<?> task) {
        Thread last = threads.last();
        await().until(() -> task.isDone() || last.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void refresh_twiceAtOnce_sharesOneLoadAndOneClaim() throws Exception {
        LoadingCache<String, String> cache = filledCache();
        store.forgetCommands();
        FutureTask<Optional<String>> first = threads.begin(() -> cache.refresh("a"));
        firstLoads.await();
        FutureTask<Optional<String>> second = threads.begin(() -> cache.refresh("a"));
        letWait(second);

        firstGoesOn.countDown();

        assertThat(first.get()).contains("load 1");
        assertThat(second.get()).contains("load 1");
        assertThat(cache.get("a")).isEqualTo("load 1");
        assertThat(store.commands()).containsExactly(Command.GET, Command.REPLACE_PREFIXES, Command.PUT_IF);
        assertThat(cache.stats().joined()).isEqualTo(1);
    }

    @Test
    void refresh_afterAnotherOne_loadsAgain() {
        LoadingCache<String, String> cache = filledCache();
        firstGoesOn.countDown();

        assertThat(cache.refresh("a")).contains("load 1");
        assertThat(cache.refresh("a")).contains("load 2");
    }

    @Test
    void refresh_keyInvalidatedSinceAnotherOneBegan_loadsItself() throws Exception {
        LoadingCache<String, String> cache = filledCache();
        FutureTask<Optional<String>> first = threads.begin(() -> cache.refresh("a"));
        firstLoads.await();
        cache.invalidate("a");

        assertThat(cache.refresh("a")).contains("load 2");

        firstGoesOn.countDown();
        assertThat(first.get()).contains("load 1");
        assertThat(cache.get("a")).isEqualTo("load 2");
    }

    @Test
    void refresh_tagInvalidatedSinceAnotherOneBegan_loadsItself() throws Exception {
        LoadingCache<String, String> cache = filledCache();
        FutureTask<Optional<String>> first = threads.begin(() -> cache.refresh("a"));
        firstLoads.await();
        registry.invalidate(TAG);
        FutureTask<Optional<String>> later = threads.begin(() -> cache.refresh("a"));
        letWait(later);

        firstGoesOn.countDown();

        assertThat(first.get()).contains("load 1");
        assertThat(later.get()).contains("load 2");
        assertThat(cache.get("a")).isEqualTo("load 2");
    }

    @Test
    void refresh_twiceAtOnceAndTheLoaderFails_sharesTheFailure() throws Exception {
        LoadingCache<String, String> cache = builder("failing").build((String key) -> {
            throw new IOException(load());
        });
        loads.set(1);
        FutureTask<Optional<String>> first = threads.begin(() -> cache.refresh("a"));
        firstLoads.await();
        FutureTask<Optional<String>> second = threads.begin(() -> cache.refresh("a"));
        letWait(second);

        firstGoesOn.countDown();

        for (FutureTask<Optional<String>> refresh : List.of(first, second)) {
            assertThatThrownBy(refresh::get)
                    .cause()
                    .isInstanceOf(CacheLoadException.class)
                    .rootCause()
                    .hasMessage("load 1");
        }
        assertThat(store.keys()).isEmpty();
    }

    /** What a read finds may be older than the refresh, so it is none. */
    @Test
    void refresh_whileAReadLoads_doesNotShareThat() throws Exception {
        LoadingCache<String, String> cache = builder("cache").build((String key) -> load());
        loads.set(1);
        FutureTask<String> read = threads.begin(() -> cache.get("a"));
        firstLoads.await();
        store.clear();

        assertThat(cache.refresh("a")).contains("load 2");

        firstGoesOn.countDown();
        assertThat(read.get()).isEqualTo("load 1");
    }

    @Test
    void refresh_cacheIsOff_loadsEachTime() throws Exception {
        LoadingCache<String, String> cache = builder("off").enabled(false).build((String key) -> load());
        loads.set(1);
        FutureTask<Optional<String>> first = threads.begin(() -> cache.refresh("a"));
        firstLoads.await();

        assertThat(cache.refresh("a")).contains("load 2");

        firstGoesOn.countDown();
        assertThat(first.get()).contains("load 1");
    }

    @Test
    void refresh_loadersRefreshEachOther_failsAtOnce() throws Exception {
        AtomicReference<LoadingCache<String, String>> two = new AtomicReference<>();
        CountDownLatch bothLoad = new CountDownLatch(2);
        LoadingCache<String, String> one = builder("one")
                .build(refreshing(
                        bothLoad, () -> Objects.requireNonNull(two.get()).refresh("a")));
        two.set(builder("two").build(refreshing(bothLoad, () -> one.refresh("a"))));
        FutureTask<Optional<String>> first = threads.begin(() -> one.refresh("a"));
        FutureTask<Optional<String>> second =
                threads.begin(() -> Objects.requireNonNull(two.get()).refresh("a"));

        for (FutureTask<Optional<String>> refresh : List.of(first, second)) {
            assertThatThrownBy(refresh::get)
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("loaders read each other's keys in a circle");
        }
    }

    private static CacheLoader<String, String> refreshing(CountDownLatch bothLoad, Callable<Optional<String>> other) {
        return key -> {
            bothLoad.countDown();
            bothLoad.await();
            return other.call().orElseThrow();
        };
    }
}
