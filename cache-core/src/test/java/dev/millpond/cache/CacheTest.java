package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.RecordedLog;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a cache without Redis does, step by step, on a hand-driven clock. */
class CacheTest {

    private final FakeTicker time = new FakeTicker();
    private final CacheRegistry registry =
            CacheRegistry.builder().ticker(time).clock(time).build();
    private final Map<String, String> source = new ConcurrentHashMap<>();
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        registry.close();
    }

    private @Nullable String load(String key) {
        loads.incrementAndGet();
        return source.get(key);
    }

    private LoadingCache<String, String> cache() {
        return registry.newCache("cache", String.class).jitter(0).build(this::load);
    }

    @Test
    void get_secondTime_doesNotLoad() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");

        assertThat(cache.get("a")).isEqualTo("1");
        assertThat(cache.get("a")).isEqualTo("1");

        assertThat(loads).hasValue(1);
    }

    @Test
    void lookup_tellsSourceAndAge() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");

        CacheResult<String> first = cache.lookup("a");
        time.advance(Duration.ofSeconds(3));
        CacheResult<String> second = cache.lookup("a");

        assertThat(first).isEqualTo(new CacheResult<>(Optional.of("1"), Source.LOADER, Duration.ZERO, false));
        assertThat(first.fromCache()).isFalse();
        assertThat(second).isEqualTo(new CacheResult<>(Optional.of("1"), Source.LOCAL, Duration.ofSeconds(3), false));
        assertThat(second.fromCache()).isTrue();
    }

    @Test
    void get_afterTimeToLive_loadsAgain() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .jitter(0)
                .build(this::load);
        source.put("a", "1");
        cache.get("a");
        source.put("a", "2");

        time.advance(Duration.ofMinutes(1).minusNanos(1));
        assertThat(cache.get("a")).isEqualTo("1");
        time.advance(Duration.ofNanos(1));
        assertThat(cache.get("a")).isEqualTo("2");
    }

    @Test
    void get_entryTimeToLive_replacesTheCachesOwn() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .jitter(0)
                .build((String key, LoadContext load) -> {
                    load.timeToLive(Duration.ofSeconds(1));
                    return load(key);
                });
        source.put("a", "1");
        cache.get("a");
        time.advance(Duration.ofSeconds(1));

        cache.get("a");

        assertThat(loads).hasValue(2);
    }

    @Test
    void get_entryTimeToLiveOfZero_keepsNothing() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .serveStaleFor(Duration.ofHours(1))
                .build((String key, LoadContext load) -> {
                    load.timeToLive(Duration.ZERO);
                    return load(key);
                });
        source.put("a", "1");

        assertThat(cache.get("a")).isEqualTo("1");

        assertThat(cache.getIfPresent("a")).isEmpty();
        assertThat(cache.localSize()).isZero();
    }

    @Test
    void localTimeToLive_passed_loadsAgain() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .localTimeToLive(Duration.ofSeconds(2))
                .jitter(0)
                .build(this::load);
        source.put("a", "1");
        cache.get("a");
        time.advance(Duration.ofSeconds(2));

        cache.get("a");

        assertThat(loads).hasValue(2);
    }

    @Test
    void get_absent_throwsWithTheWayOut() {
        assertThatThrownBy(() -> cache().get("a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage(
                        "Cache 'cache' has no value for the key: its loader answered that there is none. Use find(...)"
                                + " where that is expected.");
    }

    @Test
    void find_absent_isRememberedForItsOwnTime() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .absentTimeToLive(Duration.ofSeconds(5))
                .jitter(0)
                .build(this::load);

        assertThat(cache.find("a")).isEmpty();
        assertThat(cache.find("a")).isEmpty();
        assertThat(loads).hasValue(1);
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);

        source.put("a", "1");
        time.advance(Duration.ofSeconds(5));
        assertThat(cache.find("a")).contains("1");
    }

    @Test
    void find_absentNotRemembered_asksEachTime() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .absentTimeToLive(Duration.ZERO)
                .build(this::load);

        cache.find("a");
        time.advance(Duration.ofNanos(1));
        cache.find("a");

        assertThat(loads).hasValue(2);
    }

    @Test
    void get_loaderFails_throwsItsFailureAsCause() {
        IOException failure = new IOException("down");
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .build((String key) -> {
                    throw failure;
                });

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasMessage("The loader of cache 'cache' failed, and there is no value that may be served instead.")
                .hasCause(failure);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void get_loaderFailsAndStaleAllowed_servesStale() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .serveStaleFor(Duration.ofMinutes(1))
                .jitter(0)
                .build((String key) -> {
                    if (loads.getAndIncrement() > 0) {
                        throw new IOException("down");
                    }
                    return "1";
                });
        cache.get("a");
        time.advance(Duration.ofSeconds(90));

        assertThat(cache.lookup("a"))
                .isEqualTo(new CacheResult<>(Optional.of("1"), Source.STALE, Duration.ofSeconds(90), false));

        time.advance(Duration.ofSeconds(30));
        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
        assertThat(cache.stats().staleServed()).isEqualTo(1);
    }

    @Test
    void get_invalidatedAndLoaderFails_neverServesTheInvalidated() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .serveStaleFor(Duration.ofHours(1))
                .build((String key) -> {
                    if (loads.getAndIncrement() > 0) {
                        throw new IOException("down");
                    }
                    return "1";
                });
        cache.get("a");
        cache.invalidate("a");

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
    }

    @Test
    void get_loaderReadsItsOwnKey_saysSo() {
        AtomicReference<LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .build((String key) -> Objects.requireNonNull(self.get()).get(key));
        self.set(cache);

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cache 'cache' was asked by its loader for the key that it is loading. A loader must not read"
                                + " its own key.");
    }

    @Test
    @Timeout(5)
    void getAsync_loaderWaitsForItsOwnKey_saysSoAtOnce() {
        AtomicReference<LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .build((String key) ->
                        Objects.requireNonNull(self.get()).getAsync(key).join());
        self.set(cache);

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cache 'cache' was asked by its loader for the key that it is loading. A loader must not read"
                                + " its own key.");
    }

    @Test
    @Timeout(5)
    void getAsync_otherCacheReadsTheKeyThatWaitsForIt_saysSoAtOnce() {
        AtomicReference<LoadingCache<String, String>> first = new AtomicReference<>();
        LoadingCache<String, String> second = registry.newCache("second", String.class)
                .build((String key) -> Objects.requireNonNull(first.get()).get(key));
        first.set(registry.newCache("first", String.class)
                .build((String key) -> second.getAsync(key).join()));

        assertThatThrownBy(() -> Objects.requireNonNull(first.get()).get("a"))
                .isInstanceOf(CacheLoadException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cache 'first' was asked by its loader for the key that it is loading.");
    }

    @Test
    void getAll_loaderReadsOneOfItsKeys_saysSo() {
        AtomicReference<LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .buildBulk((Set<String> keys) ->
                        Map.of("a", Objects.requireNonNull(self.get()).get("b")));
        self.set(cache);

        assertThatThrownBy(() -> cache.getAll(List.of("a", "b")))
                .isInstanceOf(CacheLoadException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void getIfPresent_neverLoads() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");

        assertThat(cache.getIfPresent("a")).isEmpty();
        cache.get("a");
        assertThat(cache.getIfPresent("a").flatMap(CacheResult::value)).contains("1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void put_replacesAndInvalidatesDependants() {
        LoadingCache<String, String> cache = cache();
        LoadingCache<String, String> derived =
                registry.newCache("derived", String.class).build((String key) -> cache.get(key) + "!");
        source.put("a", "1");
        assertThat(derived.get("a")).isEqualTo("1!");

        cache.put("a", "2");

        assertThat(cache.get("a")).isEqualTo("2");
        assertThat(derived.get("a")).isEqualTo("2!");
        assertThat(loads).hasValue(1);
    }

    @Test
    void invalidate_loadsAgainAndLeavesOthers() {
        LoadingCache<String, String> cache = cache();
        source.putAll(Map.of("a", "1", "b", "1"));
        cache.getAll(List.of("a", "b"));
        source.putAll(Map.of("a", "2", "b", "2"));

        cache.invalidate("a");

        assertThat(cache.get("a")).isEqualTo("2");
        assertThat(cache.get("b")).isEqualTo("1");
    }

    @Test
    void invalidateAll_keys_loadsThoseAgain() {
        LoadingCache<String, String> cache = cache();
        source.putAll(Map.of("a", "1", "b", "1", "c", "1"));
        cache.getAll(List.of("a", "b", "c"));
        loads.set(0);

        cache.invalidateAll(List.of("a", "b"));
        cache.getAll(List.of("a", "b", "c"));

        assertThat(loads).hasValue(2);
    }

    @Test
    void invalidateAll_moreThanTenThousandKeys_loadsEveryKeyAgain() {
        LoadingCache<String, String> cache = cache();
        source.putAll(Map.of("a", "1", "b", "1"));
        cache.getAll(List.of("a", "b"));
        loads.set(0);

        cache.invalidateAll(keys(10_000));
        cache.getAll(List.of("a", "b"));
        assertThat(loads).hasValue(0);
        cache.invalidateAll(keys(10_001));
        cache.getAll(List.of("a", "b"));

        assertThat(loads).hasValue(2);
        assertThat(cache.stats().invalidations()).isEqualTo(2);
    }

    @Test
    void invalidateAll_oneOfMoreThanTenThousandIsNoKey_invalidatesNothing() {
        LoadingCache<Object, String> cache = registry.newCache("objects", String.class)
                .build((Object key) -> {
                    loads.incrementAndGet();
                    return "v";
                });
        cache.get("a");
        List<Object> keys = new ArrayList<>(keys(10_001));
        keys.add(new Object());

        assertThatThrownBy(() -> cache.invalidateAll(keys)).isInstanceOf(IllegalArgumentException.class);

        cache.get("a");
        assertThat(loads).hasValue(1);
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
    }

    @Test
    void invalidateAll_cascadesToOtherCaches() {
        LoadingCache<String, String> cache = cache();
        LoadingCache<String, String> derived =
                registry.newCache("derived", String.class).build((String key) -> cache.get(key) + "!");
        source.put("a", "1");
        derived.get("a");
        source.put("a", "2");

        cache.invalidateAll();

        assertThat(derived.get("a")).isEqualTo("2!");
    }

    @Test
    void invalidate_tag_hitsTaggedEntriesOfAllCaches() {
        LoadingCache<String, String> one =
                registry.newCache("one", String.class).build(this::tagged);
        LoadingCache<String, String> two =
                registry.newCache("two", String.class).build(this::tagged);
        source.putAll(Map.of("a", "1", "b", "1"));
        one.getAll(List.of("a", "b"));
        two.get("a");
        loads.set(0);

        registry.invalidate(Tag.of("key", "a"));

        assertThat(one.lookup("b").source()).isEqualTo(Source.LOCAL);
        assertThat(one.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(two.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    private @Nullable String tagged(String key, LoadContext load) {
        load.tag(Tag.of("key", key));
        return load(key);
    }

    @Test
    void invalidate_cascadesThroughTwoLevels() {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> middle =
                registry.newCache("middle", String.class).build((String key) -> base.get(key) + "+");
        LoadingCache<String, String> top =
                registry.newCache("top", String.class).build((String key) -> middle.get(key) + "+");
        source.putAll(Map.of("a", "1", "b", "1"));
        assertThat(top.get("a")).isEqualTo("1++");
        assertThat(top.get("b")).isEqualTo("1++");
        source.putAll(Map.of("a", "2", "b", "2"));

        base.invalidate("a");

        assertThat(top.get("a")).isEqualTo("2++");
        assertThat(top.get("b")).isEqualTo("1++");
    }

    @Test
    void dependsOn_withoutReading_cascades() {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> derived = registry.newCache("derived", String.class)
                .build((String key, LoadContext load) -> {
                    load.dependsOn(base, key);
                    return load(key);
                });
        source.put("a", "1");
        derived.get("a");

        base.invalidate("a");
        derived.get("a");

        assertThat(loads).hasValue(2);
    }

    @Test
    void dependsOn_entryMadeFromAnother_cascadesFromThat() throws Exception {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> middle =
                registry.newCache("middle", String.class).build((String key) -> base.get(key) + "+");
        LoadingCache<String, String> top = registry.newCache("top", String.class)
                .build((String key, LoadContext load) -> {
                    String read = middle.getAsync(key).get();
                    load.dependsOn(middle, key);
                    return read + "+";
                });
        source.put("a", "1");
        middle.get("a");
        assertThat(top.get("a")).isEqualTo("1++");
        source.put("a", "2");

        base.invalidate("a");

        assertThat(top.get("a")).isEqualTo("2++");
    }

    @Test
    void dependsOn_entryInvalidatedByItsTagSinceItWasRead_isNotStale() {
        LoadingCache<String, String> base = taggedCache();
        LoadingCache<String, String> derived = readingOnAThreadOfItsOwn(base, () -> {
            source.put("a", "2");
            registry.invalidate(Tag.of("old", 1));
        });
        source.put("a", "1");

        assertThat(derived.get("a")).isEqualTo("1+");

        assertThat(derived.get("a")).isEqualTo("2+");
    }

    @Test
    void dependsOn_entryLoadedAgainWithOtherTagsSinceItWasRead_isNotStale() {
        LoadingCache<String, String> base = taggedCache();
        LoadingCache<String, String> derived = readingOnAThreadOfItsOwn(base, () -> {
            source.put("a", "2");
            registry.invalidate(Tag.of("old", 1));
            assertThat(CompletableFuture.supplyAsync(() -> base.get("a")).join())
                    .isEqualTo("2");
        });
        source.put("a", "1");

        assertThat(derived.get("a")).isEqualTo("1+");

        assertThat(derived.get("a")).isEqualTo("2+");
        assertThat(derived.lookup("a").fromCache()).isTrue();
    }

    /** Carries one tag as long as the source has the first value, and another one later. */
    private LoadingCache<String, String> taggedCache() {
        return registry.newCache("tagged", String.class).build((String key, LoadContext load) -> {
            String value = source.get(key);
            load.tag(Tag.of("1".equals(value) ? "old" : "new", 1));
            return value;
        });
    }

    private LoadingCache<String, String> readingOnAThreadOfItsOwn(
            LoadingCache<String, String> base, Runnable afterTheFirstRead) {
        AtomicBoolean first = new AtomicBoolean(true);
        return registry.newCache("reading", String.class).build((String key, LoadContext load) -> {
            String read = CompletableFuture.supplyAsync(() -> base.get(key)).join();
            if (first.getAndSet(false)) {
                afterTheFirstRead.run();
            }
            load.dependsOn(base, key);
            return read + "+";
        });
    }

    @Test
    void get_loaderReadsItsKeyInACacheOfThatNameOfAnotherRegistry_isAnswered() {
        try (CacheRegistry another = CacheRegistry.builder().build()) {
            LoadingCache<String, String> theirs =
                    another.newCache("same", String.class).build((String key) -> key + "!");
            LoadingCache<String, String> ours =
                    registry.newCache("same", String.class).build((String key) -> theirs.get(key) + "?");

            assertThat(ours.get("a")).isEqualTo("a!?");
        }
    }

    @Test
    void invalidateAll_oneKeyVeryOften_leavesTheOthers() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");
        source.put("b", "1");
        cache.get("a");
        cache.get("b");

        cache.invalidateAll(Collections.nCopies(10_001, "a"));

        assertThat(cache.lookup("a").fromCache()).isFalse();
        assertThat(cache.lookup("b").fromCache()).isTrue();
    }

    @Test
    void getAsync_insideALoader_isRecordedAsADependency() {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> top = registry.newCache("top", String.class)
                .build((String key) -> base.getAsync(key).get() + "+");
        source.put("a", "1");
        assertThat(top.get("a")).isEqualTo("1+");
        source.put("a", "2");

        base.invalidate("a");

        assertThat(top.get("a")).isEqualTo("2+");
    }

    @Test
    void getIfPresent_nothingThereInsideALoader_isRecordedAsADependency() {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> top = registry.newCache("top", String.class)
                .build((String key) ->
                        base.getIfPresent(key).flatMap(CacheResult::value).orElse("none"));
        assertThat(top.get("a")).isEqualTo("none");

        base.put("a", "1");

        assertThat(top.get("a")).isEqualTo("1");
    }

    @Test
    void lookupListener_throws_readsGoOn() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");
        registry.addLookupListener(lookup -> {
            throw new IllegalStateException("on purpose");
        });

        try (RecordedLog log = new RecordedLog("Listeners")) {
            assertThat(cache.get("a")).isEqualTo("1");
            assertThat(cache.get("a")).isEqualTo("1");

            assertThat(log.lines())
                    .containsExactly("WARN A look-up listener failed; reads go on. Further failures are not logged.");
        }
    }

    @Test
    void cascade_tooManyDependencies_fallsBackToCoarserNames() {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, Integer> sum = registry.newCache("sum", Integer.class)
                .build((String key) -> {
                    for (int i = 0; i < 200; i++) {
                        base.get("" + i);
                    }
                    return loads.get();
                });
        for (int i = 0; i < 200; i++) {
            source.put("" + i, "1");
        }
        assertThat(sum.get("all")).isEqualTo(200);

        base.invalidate("17");

        assertThat(sum.get("all")).isEqualTo(201);
    }

    @Test
    void getAll_bulkLoader_isAskedOnceForWhatIsMissing() {
        AtomicInteger bulkLoads = new AtomicInteger();
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .buildBulk((Set<String> keys) -> {
                    bulkLoads.incrementAndGet();
                    assertThat(keys).isSubsetOf("a", "b", "c", "d");
                    return Map.of("a", "1", "b", "2", "c", "3");
                });
        assertThat(cache.get("a")).isEqualTo("1");

        assertThat(cache.getAll(List.of("a", "b", "c", "d", "b")))
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
        assertThat(cache.getAll(List.of("a", "b", "c", "d"))).hasSize(3);

        assertThat(bulkLoads).hasValue(2);
        assertThat(cache.find("d")).isEmpty();
    }

    @Test
    void getAll_loaderFails_throwsAndLeavesNoFlightBehind() {
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .buildBulk((Set<String> keys) -> {
                    if (loads.getAndIncrement() == 0) {
                        throw new IOException("down");
                    }
                    return Map.of("a", "1");
                });

        assertThatThrownBy(() -> cache.getAll(List.of("a"))).isInstanceOf(CacheLoadException.class);
        assertThat(cache.getAll(List.of("a"))).containsExactly(Map.entry("a", "1"));
    }

    @Test
    void refresh_loadsAndReplaces() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");
        cache.get("a");
        source.put("a", "2");

        assertThat(cache.refresh("a")).contains("2");
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(cache.get("a")).isEqualTo("2");
    }

    @Test
    void get_ownLoader_isUsedPerCall() {
        Cache<String, String> cache = registry.newCache("aside", String.class).build();

        assertThat(cache.get("a", key -> key + 1)).isEqualTo("a1");
        assertThat(cache.get("a", key -> key + 2)).isEqualTo("a1");
        assertThat(cache.lookup("b", (key, load) -> key + 3).value()).contains("b3");
    }

    @Test
    void localMaximumSize_exceeded_evicts() {
        LoadingCache<Integer, Integer> cache =
                registry.newCache("small", Integer.class).localMaximumSize(10).build((Integer key) -> key);
        for (int i = 0; i < 1_000; i++) {
            cache.get(i);
        }

        await().until(() -> cache.localSize() <= 10);
        assertThat(cache.stats().evictions()).isPositive();
    }

    @Test
    void localMaximumWeight_exceeded_evicts() {
        LoadingCache<Integer, String> cache = registry.newCache("weighed", String.class)
                .localMaximumWeight(100, String::length)
                .build((Integer key) -> "x".repeat(30));
        for (int i = 0; i < 100; i++) {
            cache.get(i);
        }

        await().until(() -> cache.localSize() <= 3);
    }

    @Test
    void disabledCache_passesStraightThrough() {
        LoadingCache<String, String> cache =
                registry.newCache("off", String.class).enabled(false).build(this::load);
        source.put("a", "1");

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(cache.getAll(List.of("a"))).containsEntry("a", "1");
        cache.put("a", "2");
        assertThat(cache.get("a")).isEqualTo("1");
        assertThat(cache.getIfPresent("a")).isEmpty();
        assertThat(loads).hasValue(4);
    }

    @Test
    void stats_cascade_countsWhatALookUpFindsInvalidated() {
        LoadingCache<String, String> cache = cache();
        LoadingCache<String, String> derived =
                registry.newCache("derived", String.class).build((String key) -> cache.get(key) + "!");
        source.putAll(Map.of("a", "1", "b", "1"));
        derived.get("a");
        derived.get("b");

        cache.invalidate("a");
        derived.get("a");
        derived.get("b");
        derived.get("a");

        assertThat(derived.stats().invalidatedEntries()).isEqualTo(1);
        assertThat(derived.stats().invalidations()).isZero();
    }

    @Test
    void stats_put_isCounted() {
        LoadingCache<String, String> cache = cache();

        cache.put("a", "1");

        assertThat(cache.stats().puts()).isEqualTo(1);
        assertThat(cache.stats().loads()).isZero();
    }

    @Test
    void stats_countWhatHappened() {
        LoadingCache<String, String> cache = cache();
        source.put("a", "1");
        cache.get("a");
        cache.get("a");
        cache.get("a");
        cache.invalidate("a");

        CacheStats stats = cache.stats();

        assertThat(stats.localHits()).isEqualTo(2);
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(stats.loads()).isEqualTo(1);
        assertThat(stats.invalidations()).isEqualTo(1);
        assertThat(stats.hitRate()).isEqualTo(2.0 / 3);
    }

    @Test
    void lookupListener_isToldOfOutermostLookUpsOnly() {
        LoadingCache<String, String> base = cache();
        LoadingCache<String, String> derived =
                registry.newCache("derived", String.class).jitter(0).build((String key) -> base.get(key) + "!");
        source.put("a", "1");
        List<String> seen = new ArrayList<>();
        registry.addLookupListener(lookup -> seen.add(lookup.cache()
                + ' '
                + lookup.source()
                + ' '
                + lookup.timeToLive().toSeconds()));

        derived.get("a");
        base.get("a");

        assertThat(seen).containsExactly("derived LOADER 300", "cache LOCAL 300");
    }

    @Test
    @SuppressWarnings("NullAway") // What the rule is about.
    void put_null_isRefused() {
        LoadingCache<String, Integer> cache =
                registry.newCache("nulls", Integer.class).build((String key) -> 1);

        assertThatNullPointerException()
                .isThrownBy(() -> cache.put("a", null))
                .withMessage("Cache 'nulls': the value to put is null. Use invalidate(key) to remove an entry.");
    }
}
