package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries that are loaded anew before they expire, on two nodes over one store; the test runs the loads. */
class RefreshAheadTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);
    private static final Duration LOAD_TIME = Duration.ofSeconds(1);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final CacheRegistry registry = node();
    private final CacheRegistry other = node();
    private final AtomicInteger loads = new AtomicInteger();
    private @Nullable Exception failure;
    private boolean rejects;
    private Duration loadTime = LOAD_TIME;

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        // Half a load time, or more, is far enough from the end.
        builder.random(() -> 0.4).ticker(time).clock(time).namespace("test").executor(this::execute);
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    private void execute(Runnable task) {
        if (rejects) {
            throw new RejectedExecutionException();
        }
        tasks.add(task);
    }

    @AfterEach
    void close() {
        registry.close();
        other.close();
    }

    private String load(String key) throws Exception {
        int load = loads.incrementAndGet();
        time.advance(loadTime);
        if (failure != null) {
            throw failure;
        }
        return key + load;
    }

    private static CacheBuilder<String> builder(CacheRegistry node) {
        return node.newCache("cache", String.class)
                .timeToLive(TIME_TO_LIVE)
                .slowLoadThreshold(Duration.ZERO)
                .refreshAhead(1)
                .jitter(0);
    }

    private LoadingCache<String, String> nearItsEnd(LoadingCache<String, String> cache) {
        cache.get("a");
        loadTime = Duration.ofMillis(1);
        time.advance(TIME_TO_LIVE.minusMillis(500));
        return cache;
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void get_nearTheEnd_isAnsweredAtOnceAndLoadedAnewBeside() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(loads).hasValue(1);
        runTasks();

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(cache.get("a")).isEqualTo("a2");
        assertThat(cache.stats().refreshesAhead()).isEqualTo(1);
    }

    @Test
    void get_farFromTheEnd_isNotLoadedAnew() {
        LoadingCache<String, String> cache = builder(registry).build(this::load);
        cache.get("a");
        time.advance(TIME_TO_LIVE.minusMillis(520));

        cache.get("a");

        assertThat(tasks).isEmpty();
    }

    @Test
    void get_offByDefault_isNotLoadedAnew() {
        LoadingCache<String, String> cache = nearItsEnd(registry.newCache("plain", String.class)
                .timeToLive(TIME_TO_LIVE)
                .jitter(0)
                .build(this::load));

        cache.get("a");

        assertThat(tasks).isEmpty();
    }

    @Test
    void get_manyReads_loadOnce() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));

        cache.get("a");
        cache.find("a");
        cache.getAsync("a").join();

        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(loads).hasValue(2);
    }

    @Test
    void get_onSeveralNodes_oneLoadsAndTheOthersTakeThat() {
        LoadingCache<String, String> theirs = builder(other).build(this::load);
        theirs.get("b");
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));
        cache.get("a");
        theirs.get("a");
        assertThat(tasks).hasSize(2);
        loads.set(1);

        runTasks();

        assertThat(loads).hasValue(2);
        assertThat(cache.get("a")).isEqualTo("a2");
        assertThat(theirs.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(theirs.get("a")).isEqualTo("a2");
    }

    @Test
    void get_anotherNodeIsLoadingAnew_isLeftToThat() {
        LoadingCache<String, String> theirs = builder(other).build((String key) -> {
            runTasks();
            return load(key);
        });
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));
        cache.get("a");
        assertThat(tasks).hasSize(1);

        theirs.refresh("a");

        assertThat(tasks).isEmpty();
        assertThat(loads).hasValue(2);
        assertThat(cache.get("a")).isEqualTo("a1");
        assertThat(cache.stats().rejectedStores()).isZero();
    }

    /** Redis has let go of it by then, which looks there as an invalidation does. */
    @Test
    void get_entryExpiresDuringTheLoad_isKeptInThisProcess() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));
        cache.get("a");
        loadTime = LOAD_TIME;

        runTasks();

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(cache.get("a")).isEqualTo("a2");
    }

    @Test
    void get_answeredByRedisNearTheEnd_isLoadedAnew() {
        LoadingCache<String, String> cache =
                builder(registry).localMaximumSize(0).build(this::load);
        nearItsEnd(cache);

        assertThat(cache.lookup("a").source()).isIn(Source.REMOTE, Source.LOCAL);
        runTasks();

        assertThat(cache.get("a")).isEqualTo("a2");
    }

    @Test
    void get_strictCacheNearTheEnd_isLoadedAnew() {
        LoadingCache<String, String> cache =
                nearItsEnd(builder(registry).consistency(Consistency.STRICT).build(this::load));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.REMOTE);
        runTasks();

        assertThat(cache.get("a")).isEqualTo("a2");
    }

    @Test
    void get_invalidatedBeforeTheLoadEnds_itIsNotKept() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build((String key) -> {
            String value = load(key);
            if (loads.get() == 2) {
                find().invalidate(key);
            }
            return value;
        }));
        cache.get("a");

        runTasks();

        assertThat(cache.get("a")).isEqualTo("a3");
    }

    @SuppressWarnings("unchecked") // A registry does not know the types of the caches that it is asked for.
    private LoadingCache<String, String> find() {
        return (LoadingCache<String, String>) registry.find("cache").orElseThrow();
    }

    @Test
    void get_loadAnewFails_theEntryAnswersAndTheSourceIsLeftAloneForASecond() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build((String key) -> {
            loads.incrementAndGet();
            if (failure != null) {
                throw failure;
            }
            time.advance(LOAD_TIME);
            return key;
        }));
        failure = new IOException("down");
        cache.get("a");
        runTasks();

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        runTasks();

        assertThat(loads).hasValue(2);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        time.advance(Duration.ofMillis(499));
        assertThat(cache.lookup("a").fromCache()).isTrue();
    }

    @Test
    void get_noPermitIsFree_isNotLoadedAnewUntilOneIs() {
        LoadingCache<String, String> cache =
                nearItsEnd(builder(registry).maximumConcurrentLoads(1).build(this::load));
        cache.put("b", "b");
        time.advance(Duration.ofMillis(1));
        cache.get("a");
        assertThat(tasks).hasSize(1);
        cache.invalidate("b");

        runTasks();

        assertThat(cache.get("b")).isEqualTo("b3");
    }

    /** Else reads that wait for a permit could have all threads that would give one back. */
    @Test
    void get_loadAnewWaitsForAThread_hasNoPermitYet() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry)
                .leaseTime(Duration.ofMillis(1))
                .maximumConcurrentLoads(1)
                .build(this::load));
        cache.get("a");
        assertThat(tasks).hasSize(1);

        assertThat(cache.get("b")).isEqualTo("b2");
    }

    @Test
    void get_asManyWaitForAThreadAsMayLoad_nextOneIsLeftOut() {
        LoadingCache<String, String> cache =
                builder(registry).maximumConcurrentLoads(1).build(this::load);
        cache.get("c");
        cache.put("a", "a");
        cache.put("b", "b");
        time.advance(TIME_TO_LIVE.minusMillis(500));

        cache.get("a");
        cache.get("b");

        assertThat(tasks).hasSize(1);
    }

    @Test
    void get_withALoaderOfTheCaller_isNotLoadedAnewByThatOfTheCache() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));

        assertThat(cache.get("a", key -> "other")).isEqualTo("a1");

        assertThat(tasks).isEmpty();
    }

    @Test
    void get_executorRejects_isAnsweredAndTriedAgain() {
        LoadingCache<String, String> cache =
                nearItsEnd(builder(registry).maximumConcurrentLoads(1).build(this::load));
        rejects = true;
        cache.get("a");
        rejects = false;

        cache.get("a");

        assertThat(tasks).hasSize(1);
    }

    @Test
    void getAllAndGetIfPresent_nearTheEnd_loadNothing() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));

        cache.getAll(List.of("a"));
        assertThat(cache.getIfPresent("a")).isPresent();

        assertThat(tasks).isEmpty();
    }

    @Test
    void get_expiredWhileTheLoadWaits_isLoadedByTheReader() {
        LoadingCache<String, String> cache = nearItsEnd(builder(registry).build(this::load));
        cache.get("a");
        time.advance(Duration.ofMillis(500));

        assertThat(cache.get("a")).isEqualTo("a2");
        runTasks();

        assertThat(loads).hasValue(2);
    }
}
