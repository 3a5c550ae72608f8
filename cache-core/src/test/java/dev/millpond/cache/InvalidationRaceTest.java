package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loads that an invalidation overtakes, on each path, held in place by latches. */
class InvalidationRaceTest {

    private final CacheRegistry registry = CacheRegistry.builder().build();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private volatile String source = "old";
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch firstHasRead = new CountDownLatch(1);
    private final CountDownLatch firstGoesOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        firstGoesOn.countDown();
        executor.shutdownNow();
        registry.close();
    }

    /** Reads the source; the first load then waits, as a slow query does, and returns what is old by then. */
    private String slowFirstLoad() throws InterruptedException {
        String value = source;
        if (loads.getAndIncrement() == 0) {
            firstHasRead.countDown();
            firstGoesOn.await();
        }
        return value;
    }

    private LoadingCache<String, String> cache() {
        return registry.newCache("cache", String.class).build((String key, LoadContext load) -> {
            load.tag(Tag.of("tag", key));
            return slowFirstLoad();
        });
    }

    private void commitNew() throws InterruptedException {
        firstHasRead.await();
        source = "new";
    }

    @Test
    void get_overtakenByKey_isNotKept() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> overtaken = executor.submit(() -> cache.get("a"));
        commitNew();
        cache.invalidate("a");
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(cache.get("a")).isEqualTo("new");
    }

    @Test
    void get_overtakenByTag_isNotKept() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> overtaken = executor.submit(() -> cache.get("a"));
        commitNew();
        registry.invalidate(Tag.of("tag", "a"));
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(cache.get("a")).isEqualTo("new");
    }

    @Test
    void get_overtakenByInvalidateAll_isNotKept() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> overtaken = executor.submit(() -> cache.get("a"));
        commitNew();
        cache.invalidateAll();
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(cache.get("a")).isEqualTo("new");
    }

    @Test
    void get_overtakenByPut_isNotKept() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> overtaken = executor.submit(() -> cache.get("a"));
        commitNew();
        cache.put("a", "new");
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(cache.get("a")).isEqualTo("new");
    }

    @Test
    void get_begunAfterInvalidationOfTheKey_doesNotJoinTheOldLoad() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> overtaken = executor.submit(() -> cache.get("a"));
        commitNew();
        cache.invalidate("a");

        assertThat(cache.get("a")).isEqualTo("new");

        firstGoesOn.countDown();
        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void get_begunAfterInvalidationOfATag_isNotAnsweredByTheOldLoad() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> overtaken = executor.submit(() -> cache.get("a"));
        commitNew();
        registry.invalidate(Tag.of("tag", "a"));
        Future<String> later = executor.submit(() -> cache.get("a"));
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(later.get()).isEqualTo("new");
    }

    @Test
    void getAsync_overtaken_isNotKept() throws Exception {
        LoadingCache<String, String> cache = cache();
        CompletableFuture<String> overtaken = cache.getAsync("a");
        commitNew();
        cache.invalidate("a");
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old");
        assertThat(cache.getAsync("a").get()).isEqualTo("new");
    }

    @Test
    void getAll_overtaken_isNotKept() throws Exception {
        LoadingCache<String, String> cache = registry.newCache("bulk", String.class)
                .buildBulk((Set<String> keys) -> Map.of("a", slowFirstLoad(), "b", "b"));
        Future<Map<String, String>> overtaken = executor.submit(() -> cache.getAll(List.of("a", "b")));
        commitNew();
        cache.invalidate("a");
        firstGoesOn.countDown();

        assertThat(overtaken.get()).containsEntry("a", "old");
        assertThat(cache.getAll(List.of("a", "b"))).containsEntry("a", "new");
    }

    @Test
    void refresh_overtaken_isNotKept() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<?> overtaken = executor.submit(() -> cache.refresh("a"));
        commitNew();
        cache.invalidate("a");
        firstGoesOn.countDown();
        overtaken.get();

        assertThat(cache.get("a")).isEqualTo("new");
    }

    @Test
    void nestedLoad_overtaken_doesNotKeepTheDerived() throws Exception {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> derived =
                registry.newCache("derived", String.class).build((String key) -> base.get(key) + "!");
        Future<String> overtaken = executor.submit(() -> derived.get("a"));
        commitNew();
        base.invalidate("a");
        firstGoesOn.countDown();

        assertThat(overtaken.get()).isEqualTo("old!");
        assertThat(derived.get("a")).isEqualTo("new!");
    }

    @Test
    void get_manyAtOnce_loadOnce() throws Exception {
        LoadingCache<String, String> cache = cache();
        Future<String> first = executor.submit(() -> cache.get("a"));
        firstHasRead.await();
        List<Future<String>> others = IntStream.range(0, 16)
                .mapToObj(i -> executor.submit(() -> cache.get("a")))
                .toList();
        firstGoesOn.countDown();

        assertThat(first.get()).isEqualTo("old");
        for (Future<String> other : others) {
            assertThat(other.get()).isEqualTo("old");
        }
        assertThat(loads).hasValue(1);
    }

    /** The other caller lands after this one has looked, and before it asks who else is under way. */
    @Test
    void get_loadedBetweenLookAndFlight_isNotLoadedAgain() {
        AtomicReference<Runnable> between = new AtomicReference<>(() -> {});
        LoadingCache<String, Integer> cache = registry.newCache("between", Integer.class)
                .keyFormat(key -> {
                    between.getAndSet(() -> {}).run();
                    return (String) key;
                })
                .build((String key) -> loads.incrementAndGet());
        between.set(() -> cache.get("a"));

        assertThat(cache.get("a")).isEqualTo(1);

        assertThat(loads).hasValue(1);
    }
}
