package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a key whose load has just failed, on two nodes over one store. */
class FailedLoadTest {

    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = node();
    private final CacheRegistry other = node();
    private final AtomicInteger loads = new AtomicInteger();
    private @Nullable Throwable failure;

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).namespace("test");
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        registry.close();
        other.close();
    }

    private String load(Object key) throws Exception {
        loads.incrementAndGet();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (Exception) failure;
        }
        return "v" + key;
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("cache", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .jitter(0);
    }

    private LoadingCache<String, String> remembering() {
        return builder().failureTimeToLive(PAUSE).build(this::load);
    }

    private LoadingCache<String, String> broken(LoadingCache<String, String> cache) {
        failure = new IOException("down");
        assertFails(cache);
        assertThat(loads).hasValue(1);
        return cache;
    }

    private void assertFails(LoadingCache<String, String> cache) {
        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasCause(failure);
    }

    @Test
    void get_afterAFailureByDefault_asksTheSourceAgain() {
        LoadingCache<String, String> cache = broken(builder().build(this::load));
        failure = null;

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void get_withinTheTime_failsWithoutALoad() {
        LoadingCache<String, String> cache = broken(remembering());
        time.advance(PAUSE.minusNanos(1));

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasCause(failure)
                .hasMessage("The loader of cache 'cache' failed for this key less than 3000 ms ago, which is its"
                        + " failureTimeToLive, so it was not asked again; there is no value that may be served instead. Set"
                        + " a shorter one to ask the source more often.");

        assertThat(loads).hasValue(1);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void get_afterTheTime_loads() {
        LoadingCache<String, String> cache = broken(remembering());
        failure = null;
        time.advance(PAUSE);

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void get_anotherKey_loads() {
        LoadingCache<String, String> cache = broken(remembering());
        failure = null;

        assertThat(cache.get("b")).isEqualTo("vb");
    }

    @Test
    void get_loadedByAnotherNodeMeanwhile_isAnswered() {
        LoadingCache<String, String> cache = broken(remembering());
        other.newCache("cache", String.class).build((String key) -> "theirs").get("a");

        assertThat(cache.get("a")).isEqualTo("theirs");
    }

    @Test
    void invalidate_afterAFailure_theNextReadLoads() {
        LoadingCache<String, String> cache = broken(remembering());
        failure = null;

        cache.invalidate("a");

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void invalidateAll_afterAFailure_theNextReadLoads() {
        LoadingCache<String, String> cache = broken(remembering());
        failure = null;

        cache.invalidateAll();

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void invalidate_onAnotherNode_theNextReadLoads() {
        LoadingCache<String, String> cache = broken(remembering());
        failure = null;

        other.newCache("cache", String.class).build((String key) -> key).invalidate("a");

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void invalidate_whatTheLoaderHadReadOrNamed_theNextReadLoads() {
        LoadingCache<String, String> base =
                registry.newCache("base", String.class).build((String key) -> key);
        LoadingCache<String, String> cache =
                broken(builder().failureTimeToLive(PAUSE).build((String key, LoadContext load) -> {
                    load.tag(Tag.of("tag", 1));
                    base.get(key);
                    return load(key);
                }));

        base.invalidate("a");
        assertFails(cache);
        registry.invalidate(Tag.of("tag", 1));
        assertFails(cache);
        assertFails(cache);

        assertThat(loads).hasValue(3);
    }

    @Test
    void invalidate_whatABulkLoaderHadNamedForAKey_theNextReadLoads() {
        LoadingCache<String, String> cache = builder().failureTimeToLive(PAUSE).buildBulk((keys, load) -> {
            load.of("a").tag(Tag.of("tag", 1));
            return Map.of("a", load("a"));
        });
        failure = new IOException("down");
        assertThatThrownBy(() -> cache.getAll(List.of("a"))).hasCause(failure);
        assertThatThrownBy(() -> cache.getAll(List.of("a"))).hasCause(failure);
        assertThat(loads).hasValue(1);

        registry.invalidate(Tag.of("tag", 1));
        assertThatThrownBy(() -> cache.getAll(List.of("a"))).hasCause(failure);

        assertThat(loads).hasValue(2);
    }

    @Test
    void put_afterAFailure_answers() {
        LoadingCache<String, String> cache = broken(remembering());

        cache.put("a", "put");

        assertThat(cache.get("a")).isEqualTo("put");
    }

    @Test
    void refresh_afterAFailure_loadsAndEndsIt() {
        LoadingCache<String, String> cache = broken(builder()
                .failureTimeToLive(PAUSE)
                .absentTimeToLive(Duration.ZERO)
                .build((String key) -> {
                    load(key);
                    return null;
                }));
        failure = null;

        assertThat(cache.refresh("a")).isEmpty();

        assertThat(cache.find("a")).isEmpty();
        assertThat(loads).hasValue(3);
    }

    @Test
    void get_failedWithAnError_asksTheSourceAgain() {
        LoadingCache<String, String> cache = remembering();
        failure = new StackOverflowError();
        assertThatThrownBy(() -> cache.get("a")).isSameAs(failure);
        failure = null;

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void get_interrupted_asksTheSourceAgain() {
        LoadingCache<String, String> cache = remembering();
        for (Exception interruption :
                List.of(new InterruptedException(), new IllegalStateException(new InterruptedException()))) {
            failure = interruption;
            assertFails(cache);
            Thread.interrupted();
        }
        failure = null;

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void get_threadStaysInterrupted_asksTheSourceAgain() {
        LoadingCache<String, String> cache = builder().failureTimeToLive(PAUSE).build((String key) -> {
            if (loads.getAndIncrement() == 0) {
                Thread.currentThread().interrupt();
                throw new IOException("closed by interrupt");
            }
            return key;
        });
        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(cache.get("a")).isEqualTo("a");
    }

    @Test
    void get_staleValue_answersWhileTheSourceIsLeftAloneForASecond() {
        LoadingCache<String, String> cache = stale(builder().serveStaleFor(Duration.ofHours(1)));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);
        time.advance(Duration.ofSeconds(1).minusNanos(1));
        assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);
        assertThat(loads).hasValue(2);

        time.advance(Duration.ofNanos(1));
        failure = null;
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    private LoadingCache<String, String> stale(CacheBuilder<String> builder) {
        LoadingCache<String, String> cache = builder.build(this::load);
        cache.get("a");
        time.advance(Duration.ofMinutes(1));
        failure = new IOException("down");
        return cache;
    }

    @Test
    void get_staleValueAndTimeOfItsOwn_answersForThat() {
        LoadingCache<String, String> cache =
                stale(builder().serveStaleFor(Duration.ofHours(1)).failureTimeToLive(PAUSE));

        cache.get("a");
        time.advance(PAUSE.minusNanos(1));
        cache.get("a");
        assertThat(loads).hasValue(2);
        time.advance(Duration.ofNanos(1));
        cache.get("a");

        assertThat(loads).hasValue(3);
    }

    @Test
    void get_staleValueAndTimeOfZero_asksTheSourceEachTime() {
        LoadingCache<String, String> cache =
                stale(builder().serveStaleFor(Duration.ofHours(1)).failureTimeToLive(Duration.ZERO));

        cache.get("a");
        cache.get("a");

        assertThat(loads).hasValue(3);
    }

    @Test
    void getAll_loaderOfOneKeyFailed_failsWithoutALoad() {
        LoadingCache<String, String> cache = broken(remembering());

        assertThatThrownBy(() -> cache.getAll(List.of("a", "b")))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("failureTimeToLive");

        assertThat(loads).hasValue(1);
        failure = null;
        assertThat(cache.getAll(List.of("b"))).hasSize(1);
    }

    private LoadingCache<String, String> bulk(CacheBuilder<String> builder) {
        return builder.buildBulk((Set<String> keys) -> {
            load(keys);
            return keys.stream().collect(Collectors.toMap(key -> key, key -> "v" + key));
        });
    }

    @Test
    void getAll_bulkLoadFailed_staleValuesAnswerWithoutALoad() {
        LoadingCache<String, String> cache = bulk(builder().serveStaleFor(Duration.ofHours(1)));
        cache.getAll(List.of("a", "b"));
        time.advance(Duration.ofMinutes(1));
        failure = new IOException("down");

        cache.getAll(List.of("a", "b"));
        assertThat(cache.getAll(List.of("a", "b"))).isEqualTo(Map.of("a", "va", "b", "vb"));

        assertThat(loads).hasValue(2);
    }

    /** It may have been one of the other keys. */
    @Test
    void get_bulkLoadOfManyFailedAndNothingElseToAnswer_loads() {
        LoadingCache<String, String> cache = bulk(builder().failureTimeToLive(PAUSE));
        failure = new IOException("down");
        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"))).isInstanceOf(CacheLoadException.class);
        failure = null;

        assertThat(cache.get("a")).isEqualTo("va");
    }

    @Test
    void get_veryManyKeysFailed_onlyTheLatestThousandAreRemembered() {
        LoadingCache<String, String> cache = remembering();
        failure = new IOException("down");
        for (int i = 0; i <= 1_000; i++) {
            String key = "k" + i;
            assertThatThrownBy(() -> cache.get(key)).isInstanceOf(CacheLoadException.class);
        }
        failure = null;

        assertThat(cache.get("k0")).isEqualTo("vk0");
        assertThatThrownBy(() -> cache.get("k1")).isInstanceOf(CacheLoadException.class);
        assertThatThrownBy(() -> cache.get("k1000")).isInstanceOf(CacheLoadException.class);
    }

    @Test
    void get_cacheIsOff_asksTheSourceEachTime() {
        LoadingCache<String, String> cache =
                broken(builder().enabled(false).failureTimeToLive(PAUSE).build(this::load));
        failure = null;

        assertThat(cache.get("a")).isEqualTo("va");
    }

    private LoadingCache<String, String> base() {
        return registry.newCache("base", String.class).build(this::load);
    }

    /**
     * Returns what a cache gives whose loader takes another value when it cannot read, after that can be read again.
     */
    private String afterAnInvalidation(LoadingCache<String, String> base, Callable<String> read) {
        LoadingCache<String, String> cache = registry.newCache("dependent", String.class)
                .build((String key) -> {
                    try {
                        return read.call();
                    } catch (CacheLoadException e) {
                        return "fallback";
                    }
                });
        failure = new IOException("down");
        assertThat(cache.get("a")).isEqualTo("fallback");
        failure = null;
        base.invalidate("x");
        return cache.get("a");
    }

    @Test
    void getAll_failsInALoaderThatFallsBack_itsValueDependsOnTheKeys() {
        LoadingCache<String, String> base = base();

        String value =
                afterAnInvalidation(base, () -> base.getAll(List.of("x", "y")).toString());

        assertThat(value).isEqualTo("{x=vx, y=vy}");
    }

    @Test
    void refresh_failsInALoaderThatFallsBack_itsValueDependsOnTheKey() {
        LoadingCache<String, String> base = base();

        assertThat(afterAnInvalidation(base, () -> base.refresh("x").orElseThrow()))
                .isEqualTo("vx");
    }

    @Test
    void getAll_failsInALoaderWhoseCacheIsOff_itsValueDependsOnTheKeys() {
        LoadingCache<String, String> base =
                registry.newCache("base", String.class).enabled(false).build(this::load);

        assertThat(afterAnInvalidation(base, () -> base.getAll(List.of("x")).get("x")))
                .isEqualTo("vx");
    }

    /** Nodes on which the cache is on invalidate it. */
    @Test
    void get_failsInALoaderWhoseCacheIsOff_itsValueDependsOnTheKey() {
        LoadingCache<String, String> base =
                registry.newCache("base", String.class).enabled(false).build(this::load);

        assertThat(afterAnInvalidation(base, () -> base.get("x"))).isEqualTo("vx");
    }
}
