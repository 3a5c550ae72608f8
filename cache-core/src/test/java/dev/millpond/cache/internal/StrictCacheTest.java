package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strict and bounded caches on two nodes, where a node hears of the other's invalidations only when it asks. */
class StrictCacheTest {

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final SilentLog log = new SilentLog(time);
    private final CacheRegistry one = AssembledRegistry.of(time, store, log.node());
    private final CacheRegistry two = AssembledRegistry.of(time, store, log.node());
    private final AtomicInteger version = new AtomicInteger(1);

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private LoadingCache<String, Integer> cache(CacheRegistry node, Consistency consistency) {
        return node.newCache("cache", Integer.class).consistency(consistency).build((String key, LoadContext load) -> {
            load.tag(Tag.of("group", "a"));
            return version.get();
        });
    }

    @Test
    void get_tagInvalidatedByAnotherNode_strictOnlySeesItAtOnce() {
        LoadingCache<String, Integer> strict = cache(one, Consistency.STRICT);
        LoadingCache<String, Integer> bounded =
                one.newCache("bounded", Integer.class).build((String key) -> strict.get(key));
        bounded.get("k");
        version.set(2);

        two.invalidate(Tag.of("group", "a"));

        assertThat(bounded.get("k")).isEqualTo(1);
        assertThat(strict.get("k")).isEqualTo(2);
        assertThat(bounded.get("k")).as("the check has told the whole node").isEqualTo(2);
    }

    @Test
    void get_again_isOneGetAndOneCheckAndKeepsNothingHere() {
        LoadingCache<String, Integer> strict = cache(one, Consistency.STRICT);
        strict.get("k");
        store.forgetCommands();
        log.checks.set(0);

        assertThat(strict.lookup("k").source()).isEqualTo(Source.REMOTE);
        assertThat(strict.lookup("k").source()).isEqualTo(Source.REMOTE);

        assertThat(store.commands()).containsExactly(Command.GET, Command.GET);
        assertThat(log.checks).hasValue(2);
        assertThat(strict.localSize()).isZero();
    }

    @Test
    void getAll_tagInvalidatedByAnotherNode_isOneCheckForAllKeys() {
        LoadingCache<String, Integer> strict = cache(one, Consistency.STRICT);
        strict.getAll(List.of("a", "b", "c"));
        version.set(2);
        two.invalidate(Tag.of("group", "a"));
        log.checks.set(0);

        assertThat(strict.getAll(List.of("a", "b", "c"))).isEqualTo(Map.of("a", 2, "b", 2, "c", 2));

        assertThat(log.checks).hasValue(1);
    }

    @Test
    void getIfPresent_tagInvalidatedByAnotherNode_isEmpty() {
        LoadingCache<String, Integer> strict = cache(one, Consistency.STRICT);
        strict.get("k");
        assertThat(strict.getIfPresent("k")).isPresent();

        two.invalidate(Tag.of("group", "a"));

        assertThat(strict.getIfPresent("k")).isEmpty();
    }

    @Test
    void get_logDoesNotAnswer_loadsEachTimeAndStoresNothing() {
        LoadingCache<String, Integer> strict = cache(one, Consistency.STRICT);
        strict.get("k");
        log.answers = false;
        version.set(2);

        assertThat(strict.lookup("k").source()).isEqualTo(Source.LOADER);
        assertThat(strict.get("k")).isEqualTo(2);

        log.answers = true;
        assertThat(strict.get("k")).as("the stored value was not touched").isEqualTo(1);
    }

    /** A load that began before the caller came may have read what was true before the invalidation. */
    @Test
    void get_joinsALoadThatAnInvalidationElsewhereOvertook_loadsAgain() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, Integer> strict = one.newCache("slow", Integer.class)
                .consistency(Consistency.STRICT)
                .build((String key) -> {
                    int read = version.get();
                    if (read == 1) {
                        reading.countDown();
                        goOn.await();
                    }
                    return read;
                });
        CompletableFuture<Integer> early = strict.getAsync("k");
        reading.await();
        version.set(2);
        cacheOf(two, "slow").invalidate("k");

        Thread caller = Thread.currentThread();
        CompletableFuture<Void> release = CompletableFuture.runAsync(() -> {
            await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
        });

        assertThat(strict.get("k")).isEqualTo(2);
        assertThat(early.get()).isEqualTo(1);
        release.join();
    }

    private static LoadingCache<String, Integer> cacheOf(CacheRegistry node, String name) {
        return node.newCache(name, Integer.class).build((String key) -> 0);
    }

    @Test
    void build_strictWithSettingsOfTheLocalLevel_isRefused() {
        CacheBuilder<Integer> timed =
                one.newCache("c", Integer.class).consistency(Consistency.STRICT).localTimeToLive(Duration.ofSeconds(1));
        CacheBuilder<Integer> sized =
                one.newCache("c", Integer.class).localMaximumSize(10).consistency(Consistency.STRICT);

        assertThatThrownBy(timed::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cache 'c': localTimeToLive is set, but a strict cache keeps nothing in this process. Leave it"
                                + " out, or use Consistency.BOUNDED.");
        assertThatThrownBy(sized::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "Cache 'c': the local bound (localMaximumSize or localMaximumWeight) is set, but");
    }

    @Test
    void get_strictInARegistryWithoutRedis_isKeptInTheProcess() {
        try (CacheRegistry alone = CacheRegistry.builder().build()) {
            LoadingCache<String, Integer> strict = cache(alone, Consistency.STRICT);
            strict.get("k");

            assertThat(strict.lookup("k").source()).isEqualTo(Source.LOCAL);
        }
    }
}
