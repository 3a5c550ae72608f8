package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millpond.cache.BatchException;
import dev.millpond.cache.BatchResult;
import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingBatch;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that read, over a store that counts what it is asked. */
class BatchReadTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry node = AssembledRegistry.of(time, store, log.node());
    private final Map<Object, String> read = new LinkedHashMap<>();
    private final List<Set<Integer>> loaded = new ArrayList<>();
    private final Set<Integer> broken = new HashSet<>();

    @AfterEach
    void close() {
        node.close();
        Thread.interrupted();
    }

    private static CacheBuilder<String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class).jitter(0).timeToLive(TIME_TO_LIVE);
    }

    /** Has values for even numbers, and fails if it is asked for any that is broken. */
    private BulkCacheLoader<Integer, String> bulk() {
        return keys -> {
            loaded.add(Set.copyOf(keys));
            if (keys.stream().anyMatch(broken::contains)) {
                throw new IOException("The source is away.");
            }
            return keys.stream().filter(key -> key % 2 == 0).collect(Collectors.toMap(key -> key, key -> "v" + key));
        };
    }

    private LoadingCache<Integer, String> bulkLoading(CacheRegistry registry) {
        return cache(registry).buildBulk(bulk());
    }

    private LoadingCache<Integer, String> oneByOne(CacheRegistry registry) {
        return cache(registry)
                .build((Integer key) -> bulk().loadAll(Set.of(key)).get(key));
    }

    private static LoadingBatch<Integer, String> accumulating(LoadingCache<Integer, String> cache) {
        return cache.batch().chunkSize(10).onFailure(OnFailure.ACCUMULATE);
    }

    private static Stream<Integer> keys(int from, int to) {
        return IntStream.range(from, to).boxed();
    }

    private BatchException failure(LoadingBatch<Integer, String> batch, Stream<Integer> keys) {
        return catchThrowableOfType(BatchException.class, () -> batch.getAll(keys, read::put));
    }

    @Test
    void getAll_manyKeys_asksRedisAndTheLoaderOncePerChunk() {
        LoadingCache<Integer, String> cache = bulkLoading(node);

        BatchResult<Integer> result = cache.batch().getAll(keys(0, 2_500), read::put);

        assertThat(result).isEqualTo(new BatchResult<>(1_250, 1_250, 0, Map.of()));
        assertThat(read).hasSize(1_250).containsEntry(2_498, "v2498");
        assertThat(List.copyOf(read.keySet()))
                .isEqualTo(keys(0, 2_500).filter(key -> key % 2 == 0).toList());
        assertThat(loaded).extracting(Set::size).containsExactly(1_000, 1_000, 500);
        assertThat(store.commands())
                .containsExactly(
                        Command.GET_ALL,
                        Command.GET_OR_LEASE_ALL,
                        Command.PUT_ALL_IF,
                        Command.GET_ALL,
                        Command.GET_OR_LEASE_ALL,
                        Command.PUT_ALL_IF,
                        Command.GET_ALL,
                        Command.GET_OR_LEASE_ALL,
                        Command.PUT_ALL_IF);
    }

    @Test
    void getAll_chunkSizeGiven_takesNoMoreFromTheStreamThanAChunk() {
        List<Integer> taken = new ArrayList<>();
        List<Integer> takenAtRead = new ArrayList<>();

        bulkLoading(node).batch().chunkSize(2).getAll(keys(0, 5).peek(taken::add), (key, value) -> {
            takenAtRead.add(taken.size());
        });

        assertThat(takenAtRead).containsExactly(2, 4, 5);
    }

    @Test
    void getAll_keyTwiceInAChunk_isReadAndCountedOnce() {
        BatchResult<Integer> result = bulkLoading(node).batch().getAll(Stream.of(2, 2, 2), read::put);

        assertThat(result.done()).isEqualTo(1);
    }

    @Test
    void getAll_noKeys_doesNothing() {
        assertThat(bulkLoading(node).batch().getAll(Stream.of(), read::put))
                .isEqualTo(new BatchResult<>(0, 0, 0, Map.of()));
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void getAll_bulkLoadFails_passesOnWhatIsThereAndStale() {
        try (CacheRegistry other = AssembledRegistry.of(time, store, log.node())) {
            LoadingCache<Integer, String> cache =
                    cache(node).serveStaleFor(Duration.ofHours(1)).buildBulk(bulk());
            cache.get(4);
            time.advance(TIME_TO_LIVE.plusSeconds(1));
            log.confirm();
            bulkLoading(other).getAll(List.of(6));
            broken.addAll(List.of(8, 10));

            BatchResult<Integer> result =
                    accumulating(cache).getAll(Stream.of(4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24), read::put);

            assertThat(read).isEqualTo(Map.of(4, "v4", 6, "v6", 24, "v24"));
            assertThat(result.done()).isEqualTo(3);
            assertThat(result.failed()).isEqualTo(8);
            assertThat(result.firstFailures().keySet()).containsExactly(8, 10, 12, 14, 16, 18, 20, 22);
            assertThat(result.firstFailures().values())
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(CacheLoadException.class)
                            .hasRootCauseMessage("The source is away."));
        }
    }

    @Test
    void getAll_bulkLoadFails_leavesNoLeaseAndNoFlightBehind() {
        LoadingCache<Integer, String> cache = bulkLoading(node);
        broken.add(3);

        accumulating(cache).getAll(keys(0, 10), read::put);
        broken.clear();

        assertThat(store.keys()).isEmpty();
        assertThat(accumulating(cache).getAll(keys(0, 10), read::put).failed()).isZero();
        assertThat(cache.stats().misses()).isEqualTo(20);
    }

    @Test
    void getAll_oneByOneAndAKeyFails_itFailsAloneAndTheOthersAreStored() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        broken.addAll(List.of(2, 12));

        BatchResult<Integer> result = accumulating(cache).getAll(keys(0, 20), read::put);

        assertThat(result.done()).isEqualTo(8);
        assertThat(result.absent()).isEqualTo(10);
        assertThat(result.firstFailures()).containsOnlyKeys(2, 12);
        assertThat(store.keys()).hasSize(18);
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void getAll_oneByOneAndLoadsTakeLongerTogetherThanALease_allAreKept(OnFailure policy) {
        LoadingCache<Integer, String> cache = cache(node)
                .leaseTime(Duration.ofSeconds(10))
                .localTimeToLive(TIME_TO_LIVE)
                .build((Integer key) -> {
                    time.advance(Duration.ofSeconds(1));
                    log.confirm();
                    return "v" + key;
                });

        BatchResult<Integer> result = cache.batch().onFailure(policy).getAll(keys(0, 30), read::put);

        assertThat(result.done()).isEqualTo(30);
        assertThat(store.keys()).hasSize(30);
        assertThat(keys(0, 30).map(key -> cache.getIfPresent(key).map(CacheResult::source)))
                .containsOnly(Optional.of(Source.LOCAL));
    }

    @Test
    void getAll_oneByOne_takesWhatRedisHasAtOnceAndLoadsTheOthersAlone() {
        try (CacheRegistry other = AssembledRegistry.of(time, store, log.node())) {
            bulkLoading(other).getAll(List.of(2, 4, 6));
            LoadingCache<Integer, String> cache = oneByOne(node);
            cache.get(8);
            store.forgetCommands();
            loaded.clear();

            accumulating(cache).getAll(Stream.of(10, 2, 4, 6, 8), read::put);

            assertThat(read.keySet()).containsExactly(10, 2, 4, 6, 8);
            assertThat(loaded).containsExactly(Set.of(10));
            assertThat(store.commands())
                    .containsExactly(Command.GET_ALL, Command.GET, Command.GET_OR_LEASE, Command.PUT_IF);
            assertThat(cache.stats().remoteHits()).isEqualTo(3);
            assertThat(cache.stats().localHits()).isEqualTo(1);
            assertThat(cache.stats().misses()).isEqualTo(2);
        }
    }

    @Test
    void getAll_failAndOneByOne_passesOnWhatWasReadAndWhatIsThere() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        cache.get(8);
        broken.add(4);

        BatchException failure = failure(cache.batch().chunkSize(10), keys(0, 100));

        assertThat(failure.result()).hasToString("3 done, 2 absent, 1 failed");
        assertThat(read).containsOnlyKeys(0, 2, 8);
        assertThat(store.keys()).hasSize(5);
    }

    @Test
    void getAll_oneByOneAndALoaderThrowsAnError_leavesNoLeaseBehind() {
        LoadingCache<Integer, String> cache = cache(node).build((Integer key) -> {
            throw new StackOverflowError();
        });

        assertThatThrownBy(() -> accumulating(cache).getAll(keys(0, 5), read::put))
                .isInstanceOf(StackOverflowError.class);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void getAll_cacheIsOffAndAKeyFails_itFailsAlone() {
        LoadingCache<Integer, String> cache = cache(node)
                .enabled(false)
                .build((Integer key) -> bulk().loadAll(Set.of(key)).get(key));
        broken.add(4);

        BatchResult<Integer> result = accumulating(cache).getAll(keys(0, 10), read::put);

        assertThat(result.firstFailures()).containsOnlyKeys(4);
        assertThat(read).containsOnlyKeys(0, 2, 6, 8);
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void getAll_loadHasJustFailed_staleAnswersAndTheOthersFail() {
        LoadingCache<Integer, String> cache = cache(node)
                .failureTimeToLive(Duration.ofSeconds(5))
                .serveStaleFor(Duration.ofHours(1))
                .build((Integer key) -> bulk().loadAll(Set.of(key)).get(key));
        cache.get(2);
        time.advance(TIME_TO_LIVE.plusSeconds(1));
        log.confirm();
        broken.addAll(List.of(2, 4));
        accumulating(cache).getAll(Stream.of(2, 4), read::put);
        loaded.clear();

        BatchResult<Integer> result = accumulating(cache).getAll(Stream.of(2, 4, 6), read::put);

        assertThat(read).isEqualTo(Map.of(2, "v2", 6, "v6"));
        assertThat(result.firstFailures()).containsOnlyKeys(4);
        assertThat(loaded).containsExactly(Set.of(6));
    }

    @Test
    void getAll_failAndALoadFails_endsWithWhatWasDone() {
        LoadingCache<Integer, String> cache = bulkLoading(node);
        cache.get(12);
        broken.add(13);

        BatchException failure = failure(cache.batch().chunkSize(10), keys(0, 100));

        assertThat(failure)
                .hasMessage(
                        "A batch of cache 'cache' failed before its last key: 6 done, 5 absent, 9 failed. Its result()"
                                + " has what was done. Use onFailure(ACCUMULATE) to go on past failures.")
                .hasCauseInstanceOf(CacheLoadException.class);
        assertThat(failure.result().done()).isEqualTo(6);
        assertThat(failure.result().failed()).isEqualTo(9);
        assertThat(read).containsOnlyKeys(0, 2, 4, 6, 8, 12);
        assertThat(loaded).hasSize(3);
    }

    @Test
    void getAll_failAndOneByOne_asksTheSourceForNothingMore() {
        broken.add(2);

        failure(oneByOne(node).batch().chunkSize(10), keys(0, 100));

        assertThat(loaded).hasSize(3);
    }

    @Test
    void getAll_manyFailures_firstHundredAreTold() {
        broken.addAll(keys(0, 300).toList());

        BatchResult<Integer> result = accumulating(bulkLoading(node)).getAll(keys(0, 300), read::put);

        assertThat(result.failed()).isEqualTo(300);
        assertThat(result.firstFailures().keySet())
                .containsExactlyElementsOf(keys(0, 100).toList());
        assertThat(result).hasToString("0 done, 0 absent, 300 failed");
    }

    @Test
    void getAll_keyThatCanBeNone_failsAlone() {
        LoadingCache<Object, String> cache = cache(node).build(String::valueOf);
        Object bad = new Object();

        BatchResult<Object> result =
                cache.batch().onFailure(OnFailure.ACCUMULATE).getAll(Stream.of("a", bad, "b"), read::put);

        assertThat(result.done()).isEqualTo(2);
        assertThat(result.firstFailures()).containsOnlyKeys(bad);
        assertThat(result.firstFailures().get(bad)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void getAll_keyFormatThrows_failsAlone() {
        CacheBuilder<String> unfinished =
                cache(node).keyFormat(key -> List.of("a", "b").get((Integer) key));

        BatchResult<Integer> result =
                accumulating(unfinished.build((Integer key) -> "v" + key)).getAll(keys(0, 4), read::put);

        assertThat(result).hasToString("2 done, 0 absent, 2 failed");
        assertThat(result.firstFailures().get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void getAll_consumerThrows_endsWithWhatWasDone() {
        BatchException failure = catchThrowableOfType(
                BatchException.class,
                () -> accumulating(bulkLoading(node)).getAll(keys(0, 100), (key, value) -> {
                    if (key == 14) {
                        throw new IllegalStateException("The disk is full.");
                    }
                }));

        assertThat(failure)
                .hasMessage("A batch of cache 'cache' was ended by its stream or its consumer, which threw the cause of"
                        + " this, before its last key: 7 done, 10 absent, 0 failed. Its result() has what was done.")
                .hasRootCauseMessage("The disk is full.");
    }

    @Test
    void getAll_streamThrows_endsWithWhatWasDone() {
        Function<Integer, Integer> failing = key -> {
            if (key == 25) {
                throw new IllegalStateException("The cursor is gone.");
            }
            return key;
        };

        BatchException failure =
                failure(accumulating(bulkLoading(node)), keys(0, 100).map(failing));

        assertThat(failure).hasRootCauseMessage("The cursor is gone.");
        assertThat(failure.result().done()).isEqualTo(10);
        assertThat(loaded).hasSize(2);
    }

    @Test
    void getAll_nullKey_saysSo() {
        assertThat(failure(accumulating(bulkLoading(node)), Stream.of(1, null)))
                .hasRootCauseMessage("A batch was given null. Leave it out of the stream.");
    }

    @Test
    void getAll_threadIsInterrupted_stopsBetweenChunksAndStaysSo() {
        BatchException failure = catchThrowableOfType(
                BatchException.class,
                () -> accumulating(bulkLoading(node)).getAll(keys(0, 100), (key, value) -> {
                    if (key == 12) {
                        Thread.currentThread().interrupt();
                    }
                }));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure)
                .hasMessage(
                        "A batch of cache 'cache' was interrupted before its last key: 10 done, 10 absent, 0 failed."
                                + " Its result() has what was done.")
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void getAll_redisAway_loadsEveryChunk() {
        store.unavailable(true);

        BatchResult<Integer> result = bulkLoading(node).batch().getAll(keys(0, 2_500), read::put);

        assertThat(result).isEqualTo(new BatchResult<>(1_250, 1_250, 0, Map.of()));
    }

    @Test
    void chunkSize_outOfRange_isRefused() {
        assertThatThrownBy(() -> bulkLoading(node).batch().chunkSize(10_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Batch of cache 'cache': chunkSize is 10001, must be from 1 to 10000.");
    }

    @Test
    @SuppressWarnings("NullAway") // What the compiler of a caller may not see.
    void onFailure_null_isRefused() {
        assertThatThrownBy(() -> bulkLoading(node).batch().onFailure(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("Batch of cache 'cache': onFailure is null. Leave it out for its default.");
    }
}
