package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millpond.cache.Batch;
import dev.millpond.cache.BatchException;
import dev.millpond.cache.BatchResult;
import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches that put and invalidate, of two nodes over one store and one log. */
class BatchWriteTest {

    private static final int MANY = 12_345;

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final List<Collection<String>> appended = new ArrayList<>();
    private final Switches switches = Switches.builder().build();
    private final CacheRegistry one = node(recorded(log.node()));
    private final CacheRegistry two = node(log.node());
    private final Map<Integer, String> source = new HashMap<>();
    private final LoadingCache<Integer, String> first = cache(one);
    private final LoadingCache<Integer, String> second = cache(two);

    private InvalidationLog recorded(InvalidationLog node) {
        return new ForwardingLog(node) {
            @Override
            public long append(Collection<String> names) {
                appended.add(List.copyOf(names));
                return super.append(names);
            }
        };
    }

    private CacheRegistry node(InvalidationLog itsLog) {
        RegistryBuilder builder = new RegistryBuilder();
        builder.namespace("test").ticker(time).clock(time).switches(switches);
        return builder.build(store, itsLog, Duration.ofSeconds(2));
    }

    private LoadingCache<Integer, String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class)
                .jitter(0)
                .localMaximumSize(100_000)
                .build((Integer key) -> source.getOrDefault(key, "source"));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        Thread.interrupted();
    }

    private static Stream<Map.Entry<Integer, String>> entries(int count) {
        return IntStream.range(0, count).mapToObj(key -> Map.entry(key, "put" + key));
    }

    private static Stream<Integer> keys(int count) {
        return IntStream.range(0, count).boxed();
    }

    private static long hits(LoadingCache<Integer, String> cache, int count) {
        return keys(count)
                .filter(key -> cache.getIfPresent(key)
                        .filter(hit -> hit.value().orElseThrow().equals("put" + key))
                        .isPresent())
                .count();
    }

    @Test
    void putAll_someChunks_fewInvalidationsAndOneStoreEach() {
        BatchResult<Integer> result = first.batch().putAll(entries(2_500));

        assertThat(result).isEqualTo(new BatchResult<>(2_500, 0, 0, Map.of()));
        assertThat(store.commands()).containsExactly(Command.PUT_ALL, Command.PUT_ALL, Command.PUT_ALL);
        assertThat(appended).extracting(Collection::size).containsExactly(500, 500, 3, 500, 500, 3, 500, 2);
        assertThat(first.stats().puts()).isEqualTo(2_500);
    }

    @Test
    void putAll_someKeys_bothNodesAnswerWithThem() {
        keys(20).forEach(first::get);
        keys(20).forEach(second::get);

        first.batch().chunkSize(7).putAll(entries(20));

        assertThat(hits(second, 20)).isEqualTo(20);
        assertThat(hits(first, 20)).isEqualTo(20);
        assertThat(first.lookup(3).source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void putAll_keyTwice_theLastCounts() {
        BatchResult<Integer> result = first.batch().putAll(Stream.of(Map.entry(1, "a"), Map.entry(1, "b")));

        assertThat(result.done()).isEqualTo(2);
        assertThat(first.get(1)).isEqualTo("b");
        assertThat(second.get(1)).isEqualTo("b");
    }

    @Test
    void putAll_dependantElsewhere_isInvalidToo() {
        LoadingCache<Integer, String> pages =
                two.newCache("pages", String.class).build((Integer key) -> "page of " + second.get(key));
        pages.get(5);

        first.batch().putAll(entries(10));

        assertThat(pages.get(5)).isEqualTo("page of put5");
    }

    @Test
    void putAll_loadOfAnotherNodeBeganBefore_isNotKept() {
        LoadingCache<Integer, String> slow =
                loadingMeanwhile(() -> first.batch().putAll(entries(10)));

        assertThat(slow.get(3)).isEqualTo("old");

        assertThat(slow.get(3)).isEqualTo("put3");
    }

    @Test
    void putAll_veryManyAndALoadOfAnotherNodeBeganBefore_isNotKept() {
        LoadingCache<Integer, String> slow =
                loadingMeanwhile(() -> first.batch().putAll(entries(MANY)));

        assertThat(slow.get(MANY - 1)).isEqualTo("old");

        assertThat(slow.get(MANY - 1)).isEqualTo("put" + (MANY - 1));
    }

    /** A load that no invalidation tells from a later one; but its lease is overwritten. */
    @Test
    void putAll_veryManyAndALoadOfAnotherNodeBeginsMeanwhile_isNotKept() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch stored = new CountDownLatch(1);
        CacheRegistry third = node(log.node());
        LoadingCache<Integer, String> slow = third.newCache("cache", String.class)
                .build((Integer key) -> {
                    loading.countDown();
                    stored.await();
                    return "old";
                });
        List<CompletableFuture<String>> reads = new ArrayList<>();

        first.batch().putAll(entries(MANY).peek(entry -> {
            if (entry.getKey() == 11_000) {
                reads.add(CompletableFuture.supplyAsync(() -> slow.get(MANY - 1)));
                await(loading);
            }
        }));
        stored.countDown();

        assertThat(reads.get(0).get(1, TimeUnit.MINUTES)).isEqualTo("old");
        assertThat(slow.get(MANY - 1)).isEqualTo("put" + (MANY - 1));
        third.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private LoadingCache<Integer, String> loadingMeanwhile(Runnable batch) {
        List<Runnable> once = new ArrayList<>(List.of(batch));
        CacheRegistry third = node(log.node());
        return third.newCache("cache", String.class).build((Integer key) -> {
            once.remove(0).run();
            return "old";
        });
    }

    @Test
    void putAll_veryMany_invalidatesTheCacheOnceAndBothNodesHaveAll() {
        second.get(7);
        second.get(MANY);

        BatchResult<Integer> result = first.batch().putAll(entries(MANY));

        assertThat(result.done()).isEqualTo(MANY);
        assertThat(appended).containsExactly(List.of("c:cache", "a:cache"));
        assertThat(second.getIfPresent(MANY)).isEmpty();
        assertThat(hits(first, MANY)).isEqualTo(MANY);
        assertThat(hits(second, MANY)).isEqualTo(MANY);
    }

    @Test
    void putAll_asManyAsCanBeNamed_namesEach() {
        first.batch().putAll(entries(TieredCache.MOST_KEYS));

        assertThat(appended).hasSize(3 * 10);
        assertThat(hits(second, TieredCache.MOST_KEYS)).isEqualTo(TieredCache.MOST_KEYS);
    }

    @Test
    void putAll_veryManyAndOneIsInvalidatedAfterwards_thatIsLoaded() {
        first.batch().putAll(entries(MANY));

        second.invalidate(11_111);

        assertThat(first.get(11_111)).isEqualTo("source");
        assertThat(second.get(11_111)).isEqualTo("source");
        assertThat(first.get(11_112)).isEqualTo("put11112");
    }

    @Test
    void putAll_redisAway_keepsNothingOldAndThrowsNothing() {
        keys(10).forEach(first::get);
        store.failing(Command.PUT_ALL);

        first.batch().putAll(entries(10));
        store.failing();

        assertThat(first.get(3)).isEqualTo("put3");
        assertThat(second.get(3)).isEqualTo("source");
    }

    /** A value that was loaded after the cache was invalidated, and that the batch could not replace in Redis. */
    @Test
    void putAll_veryManyAndRedisGoesAway_namesWhatItCouldNotReplace() {
        int last = MANY - 1;
        int[] stores = {0};
        store.before(Command.PUT_ALL, () -> {
            if (++stores[0] == 11) {
                second.get(last);
                store.failing(Command.PUT_ALL);
            }
        });

        first.batch().putAll(entries(MANY));
        store.failing();
        source.put(last, "newer");

        assertThat(second.get(last)).isEqualTo("newer");
        assertThat(hits(first, 10_000)).isEqualTo(10_000);
        assertThat(hits(first, MANY)).isEqualTo(10_000);
    }

    @Test
    void putAll_readOnly_invalidatesAndRemoves() {
        keys(10).forEach(first::get);
        switches.set(Switch.cache("cache"), SwitchMode.parse("read-only"), SwitchScope.NODE, "alice");

        first.batch().putAll(entries(10));

        assertThat(store.keys()).isEmpty();
        assertThat(second.getIfPresent(3)).isEmpty();
        assertThat(first.getIfPresent(3)).isEmpty();
    }

    @Test
    void putAll_onForAShareOfTheKeys_keepsThoseAlone() {
        keys(200).forEach(first::get);
        switches.set(Switch.cache("cache"), SwitchMode.parse("50%"), SwitchScope.NODE, "alice");

        first.batch().putAll(entries(200));

        assertThat(store.keys()).hasSizeBetween(60, 140);
        assertThat(store.count(Command.PUT_ALL)).isEqualTo(1);
        assertThat(hits(second, 200)).isEqualTo(store.keys().size());
    }

    @Test
    void putAll_valueIsMissing_failsAlone() {
        Map<Integer, String> values = new LinkedHashMap<>();
        values.put(1, "a");
        values.put(2, missing());
        values.put(3, "c");

        BatchResult<Integer> result =
                first.batch().onFailure(OnFailure.ACCUMULATE).putAll(values.entrySet().stream());

        assertThat(result.done()).isEqualTo(2);
        assertThat(result.firstFailures().get(2))
                .hasMessage("Cache 'cache': the value to put is null. Use invalidate(key) to remove an entry.");
        assertThat(second.get(3)).isEqualTo("c");
    }

    @SuppressWarnings("NullAway") // What the compiler of a caller may not see.
    private static String missing() {
        return null;
    }

    @Test
    void putAll_failAndAKeyThatCanBeNone_nothingOfItsChunkIsPut() {
        Cache<Object, String> objects = one.newCache("objects", String.class).build();

        BatchException failure = catchThrowableOfType(
                BatchException.class,
                () -> objects.batch()
                        .chunkSize(2)
                        .putAll(Stream.of("a", "b", "c", new Object(), "e").map(key -> Map.entry(key, "v"))));

        assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(failure.result()).hasToString("2 done, 0 absent, 1 failed");
        assertThat(store.keys()).containsExactly("test:objects:a", "test:objects:b");
        assertThat(objects.stats().puts()).isEqualTo(2);
    }

    /** Has texts for 0 and 1 alone. */
    private Cache<Integer, String> ofTwo() {
        return one.newCache("two", String.class)
                .keyFormat(key -> List.of("a", "b").get((Integer) key))
                .build();
    }

    @Test
    void putAll_keyFormatThrows_failsAlone() {
        BatchResult<Integer> result =
                ofTwo().batch().onFailure(OnFailure.ACCUMULATE).putAll(entries(4));

        assertThat(result).hasToString("2 done, 0 absent, 2 failed");
        assertThat(result.firstFailures().get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void invalidateAll_keyFormatThrows_failsAlone() {
        BatchResult<Integer> result =
                ofTwo().batch().onFailure(OnFailure.ACCUMULATE).invalidateAll(keys(4));

        assertThat(result).hasToString("2 done, 0 absent, 2 failed");
        assertThat(result.firstFailures().get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void putAll_interruptedWhileTheStreamIsRead_stopsBetweenChunks() {
        BatchException failure = catchThrowableOfType(
                BatchException.class,
                () -> first.batch().putAll(entries(MANY).peek(entry -> {
                    if (entry.getKey() == 11_500) {
                        Thread.currentThread().interrupt();
                    }
                })));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.result()).hasToString("11001 done, 0 absent, 0 failed");
    }

    @Test
    void putAll_map_putsAll() {
        first.putAll(Map.of(1, "a", 2, "b"));

        assertThat(second.getAll(List.of(1, 2))).isEqualTo(Map.of(1, "a", 2, "b"));
        assertThat(appended).hasSize(1);
    }

    @Test
    void putAll_mapWithAKeyThatCanBeNone_putsNothing() {
        Cache<Object, String> objects = one.newCache("objects", String.class).build();

        assertThatThrownBy(() -> objects.putAll(Map.of("a", "v", new Object(), "v")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void invalidateAll_someChunks_oneInvalidationAndOneRemovalEach() {
        keys(30).forEach(second::get);

        BatchResult<Integer> result = first.batch().invalidateAll(keys(2_500));

        assertThat(result).isEqualTo(new BatchResult<>(2_500, 0, 0, Map.of()));
        assertThat(store.count(Command.REMOVE)).isEqualTo(3);
        assertThat(appended).extracting(Collection::size).containsExactly(1_001, 1_001, 501);
        assertThat(keys(30).filter(key -> second.getIfPresent(key).isPresent())).isEmpty();
    }

    @Test
    void invalidateAll_veryMany_invalidatesTheWholeCacheAtItsEnd() {
        first.get(MANY + 1);

        BatchResult<Integer> result = first.batch().invalidateAll(keys(MANY).peek(key -> {
            first.get(key);
            source.put(key, "changed");
        }));

        assertThat(result.done()).isEqualTo(MANY);
        assertThat(appended).hasSize(11).last().isEqualTo(List.of("c:cache", "a:cache"));
        assertThat(first.getIfPresent(MANY + 1)).isEmpty();
        assertThat(keys(MANY).map(first::get)).containsOnly("changed");
    }

    @Test
    void invalidateAll_manyTimesTheSameKeys_namesThem() {
        first.batch().invalidateAll(IntStream.range(0, 30_000).mapToObj(i -> i % 100));

        assertThat(appended).hasSize(30).allSatisfy(names -> assertThat(names).hasSize(101));
    }

    @Test
    void invalidateAll_veryManyAndTheStreamThrows_invalidatesTheWholeCache() {
        first.get(5);

        assertThatThrownBy(() -> first.batch().invalidateAll(keys(MANY).peek(key -> {
                    if (key == MANY - 1) {
                        throw new IllegalStateException("The cursor is gone.");
                    }
                })))
                .isInstanceOf(BatchException.class);

        assertThat(appended).last().isEqualTo(List.of("c:cache", "a:cache"));
    }

    @Test
    void invalidateAll_keyThatCanBeNone_failsAlone() {
        Cache<Object, String> objects = one.newCache("objects", String.class).build();
        objects.put("b", "v");
        Batch<Object, String> batch = objects.batch().onFailure(OnFailure.ACCUMULATE);

        BatchResult<Object> result = batch.invalidateAll(Stream.of("a", new Object(), "b"));

        assertThat(result).hasToString("2 done, 0 absent, 1 failed");
        assertThat(objects.getIfPresent("b")).isEmpty();
    }

    @Test
    void invalidateAll_failAndAKeyThatCanBeNone_nothingOfItsChunkIsInvalidated() {
        Cache<Object, String> objects = one.newCache("objects", String.class).build();
        objects.put("a", "v");

        assertThatThrownBy(() -> objects.batch().invalidateAll(Stream.of("a", new Object())))
                .isInstanceOf(BatchException.class)
                .hasMessage("A batch of cache 'objects' failed before its last key: 0 done, 0 absent, 1 failed. Its"
                        + " result() has what was done. Use onFailure(ACCUMULATE) to go on past failures.");
        assertThat(objects.getIfPresent("a")).isPresent();
    }

    @Test
    void invalidateAll_redisAway_throwsNothing() {
        first.get(3);
        store.unavailable(true);

        assertThat(first.batch().invalidateAll(keys(3_000)).done()).isEqualTo(3_000);
        store.unavailable(false);
        source.put(3, "changed");

        assertThat(first.get(3)).isEqualTo("changed");
    }
}
