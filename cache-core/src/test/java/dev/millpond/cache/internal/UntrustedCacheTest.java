package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that has lost sight of the invalidation log for longer than the bound. */
@Timeout(30)
class UntrustedCacheTest {

    private static final Duration BOUND = Duration.ofSeconds(2);

    private final FakeTicker time = new FakeTicker();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger loads = new AtomicInteger();
    private final HeldLoads held = new HeldLoads(loads);
    private final TestThreads threads = new TestThreads();
    private final CacheRegistry registry = builder().build(new InMemoryCacheStore(time), confirmedOnce(), BOUND);

    /** Confirms at the start, and never again. */
    private InvalidationLog confirmedOnce() {
        return new LocalInvalidationLog(time);
    }

    private RegistryBuilder builder() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time);
        return builder;
    }

    private String load(String key) {
        if (failing.get()) {
            throw new IllegalStateException("down");
        }
        return key + loads.incrementAndGet();
    }

    @Test
    void get_withinTheBound_isAnsweredFromThisProcess() {
        LoadingCache<String, String> cache =
                registry.newCache("cache", String.class).build(this::load);
        cache.get("a");
        time.advance(BOUND.minusNanos(1));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void get_pastTheBound_loads() {
        LoadingCache<String, String> cache =
                registry.newCache("cache", String.class).build(this::load);
        cache.get("a");
        time.advance(BOUND);

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    /** Makes a cache on a node past the bound, whose loads are held. */
    private LoadingCache<Integer, String> gate(int loadsAtOnce, Duration patience) {
        time.advance(BOUND);
        return registry.newCache("gate", String.class)
                .maximumConcurrentLoads(loadsAtOnce)
                .leaseTime(patience)
                .build(held::load);
    }

    /** The source has no cache in front of it then, and is asked by no more at once all the same. */
    @Test
    void get_pastTheBoundAndManyKeys_loadsThroughTheGate() throws Exception {
        LoadingCache<Integer, String> cache = gate(3, Duration.ofMinutes(10));
        List<FutureTask<String>> reads = IntStream.range(0, 20)
                .mapToObj(key -> threads.begin(() -> cache.get(key)))
                .toList();
        held.awaitRunning(3);

        held.release();

        for (int key = 0; key < 20; key++) {
            assertThat(reads.get(key).get()).isEqualTo("v" + key);
        }
        assertThat(held.most).hasValue(3);
        assertThat(loads).hasValue(20);
    }

    @Test
    void get_pastTheBoundAndTheGateIsFull_failsWhenItsPatienceEnds() throws Exception {
        LoadingCache<Integer, String> cache = gate(1, Duration.ofMillis(20));
        FutureTask<String> first = threads.begin(() -> cache.get(1));
        held.awaitRunning(1);

        assertThatThrownBy(() -> cache.get(2))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("maximumConcurrentLoads")
                .hasMessageContaining("within 20 ms");

        held.release();
        assertThat(first.get()).isEqualTo("v1");
        assertThat(cache.get(2)).isEqualTo("v2");
        assertThat(held.most).hasValue(1);
    }

    @Test
    void get_pastTheBoundAndLoaderFails_throwsUnlessStaleIsAllowed() {
        LoadingCache<String, String> strict =
                registry.newCache("strict", String.class).build(this::load);
        LoadingCache<String, String> lenient = registry.newCache("lenient", String.class)
                .serveStaleFor(Duration.ofMinutes(1))
                .build(this::load);
        strict.get("a");
        lenient.get("a");
        time.advance(BOUND);
        failing.set(true);

        assertThatThrownBy(() -> strict.get("a")).isInstanceOf(CacheLoadException.class);
        assertThat(lenient.lookup("a").source()).isEqualTo(Source.STALE);
    }

    @Test
    void get_pastTheBound_doesNotJoinALoadThatBeganBeforeIt() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, Integer> cache = registry.newCache("slow", Integer.class)
                .build((String key) -> {
                    int load = loads.incrementAndGet();
                    if (load == 1) {
                        loading.countDown();
                        goOn.await();
                    }
                    return load;
                });
        CompletableFuture<Integer> old = cache.getAsync("a");
        loading.await();
        time.advance(Duration.ofSeconds(8));

        assertThat(cache.get("a")).isEqualTo(2);

        goOn.countDown();
        assertThat(old.get()).isEqualTo(1);
    }

    /** The load has read another cache, which had not learned of an invalidation almost as old as the bound. */
    @Test
    void get_pastTheBound_doesNotJoinALoadThatReadACacheBeforeIt() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, String> inner =
                registry.newCache("inner", String.class).build(this::load);
        LoadingCache<String, String> outer = registry.newCache("outer", String.class)
                .build((String key) -> {
                    String read = inner.get(key);
                    loading.countDown();
                    goOn.await();
                    return read;
                });
        inner.get("a");
        time.advance(BOUND.minusMillis(1));
        CompletableFuture<String> old = outer.getAsync("a");
        loading.await();
        time.advance(Duration.ofMillis(1));
        CompletableFuture<String> later = outer.getAsync("a");

        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(loads).hasValue(2));

        goOn.countDown();
        assertThat(old.get()).isEqualTo("a1");
        assertThat(later.get()).isEqualTo("a2");
    }
}
