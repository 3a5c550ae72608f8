package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole caches of two nodes over one store and one log, where the parts meet. */
class StoreBackedCacheTest {

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry one = AssembledRegistry.of(time, store, log.node());
    private final CacheRegistry two = AssembledRegistry.of(time, store, log.node());
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private LoadingCache<String, String> counting(CacheRegistry node) {
        return node.newCache("cache", String.class).jitter(0).build((String key) -> key + loads.incrementAndGet());
    }

    @Test
    void get_loadedByAnotherNode_isNotLoadedAgainUntilInvalidated() {
        LoadingCache<String, String> first = counting(one);
        LoadingCache<String, String> second = counting(two);

        assertThat(first.get("a")).isEqualTo("a1");
        assertThat(second.lookup("a").source()).isEqualTo(Source.REMOTE);
        assertThat(second.lookup("a").source()).isEqualTo(Source.LOCAL);
        first.invalidate("a");
        assertThat(second.get("a")).isEqualTo("a2");
        assertThat(first.get("a")).isEqualTo("a2");
    }

    @Test
    void get_timeToLiveBelowOneSecond_isKeptByTheOtherNodeToo() {
        for (CacheRegistry node : List.of(one, two)) {
            node.newCache("short", String.class)
                    .timeToLive(Duration.ofMillis(200))
                    .jitter(0)
                    .build((String key) -> key + loads.incrementAndGet());
        }
        LoadingCache<String, String> first = find(one, "short");
        LoadingCache<String, String> second = find(two, "short");
        first.get("a");
        time.advance(Duration.ofMillis(150));
        assertThat(second.get("a")).isEqualTo("a1");

        time.advance(Duration.ofMillis(50));

        assertThat(second.get("a")).isEqualTo("a2");
    }

    @SuppressWarnings("unchecked") // A registry does not know the types of the caches that it is asked for.
    private static LoadingCache<String, String> find(CacheRegistry node, String name) {
        return (LoadingCache<String, String>) node.find(name).orElseThrow();
    }

    @Test
    void get_noRoomInTheProcess_keepsNothingThere() {
        LoadingCache<String, String> cache =
                one.newCache("remote", String.class).localMaximumSize(0).build((String key) -> key);
        cache.get("a");

        assertThat(cache.lookup("a").source()).isEqualTo(Source.REMOTE);
        assertThat(cache.lookup("a").source()).isEqualTo(Source.REMOTE);

        assertThat(cache.localSize()).isZero();
    }

    /** Redis keeps it, which is all that a cache has that keeps nothing in the process. */
    @Test
    void lookup_loadedAndKeptByRedisAlone_saysThatItIsStored() {
        List<Boolean> stored = new ArrayList<>();
        one.addLookupListener(lookup -> stored.add(lookup.stored()));
        LoadingCache<String, String> noRoom =
                one.newCache("remote", String.class).localMaximumSize(0).build((String key) -> key);
        LoadingCache<String, String> strict = one.newCache("strict", String.class)
                .consistency(Consistency.STRICT)
                .build((String key) -> key);
        LoadingCache<String, String> overtaken = one.newCache("overtaken", String.class)
                .localMaximumSize(0)
                .build((String key) -> {
                    find(one, "overtaken").invalidate(key);
                    return key;
                });

        noRoom.get("a");
        strict.get("a");
        overtaken.get("a");

        assertThat(stored).containsExactly(true, true, false);
    }

    @Test
    void get_storeUnavailable_loadsWithoutTroublingTheStoreAgain() {
        LoadingCache<String, String> cache = counting(one);
        store.unavailable(true);

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);

        assertThat(store.commands()).containsExactly(Command.GET);
    }

    @Test
    void getAll_afterATagWasInvalidated_takesAFewStepsOnly() {
        LoadingCache<Integer, Integer> cache =
                one.newCache("bulk", Integer.class).buildBulk((Set<Integer> keys) -> squares(keys));
        List<Integer> keys = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
        cache.getAll(keys);
        cache.invalidateAll();
        store.forgetCommands();

        assertThat(cache.getAll(keys)).containsEntry(9, 81);

        assertThat(store.commands()).containsExactly(Command.GET_ALL, Command.PUT_ALL_IF, Command.PUT_ALL_IF);
    }

    private static Map<Integer, Integer> squares(Set<Integer> keys) {
        Map<Integer, Integer> squares = new LinkedHashMap<>();
        keys.forEach(key -> squares.put(key, key * key));
        return squares;
    }

    @Test
    void getAll_someLeasedByAnotherNode_areReadOneByOneAfterTheOthers() {
        LoadingCache<Integer, Integer> cache = one.newCache("bulk", Integer.class)
                .buildBulk((Set<Integer> keys) -> {
                    loads.incrementAndGet();
                    return squares(keys);
                });
        store.plant("test:bulk:2", new Token.Source(99).next().lease());
        store.before(Command.PUT_ALL_IF, () -> store.remove(List.of("test:bulk:2")));

        assertThat(cache.getAll(List.of(1, 2, 3))).isEqualTo(Map.of(1, 1, 2, 4, 3, 9));

        assertThat(loads).hasValue(2);
        assertThat(store.keys()).containsExactly("test:bulk:1", "test:bulk:2", "test:bulk:3");
    }

    /** What is stored for the fleet must not carry how long this one process keeps its copy. */
    @Test
    void getAll_oneByOneAndALoaderReadsALaterKey_otherNodesHaveThatForTheWholeTimeToLive() {
        LoadingCache<Integer, String> first = tree(one);
        LoadingCache<Integer, String> second = tree(two);

        assertThat(first.getAll(List.of(1, 2))).isEqualTo(Map.of(1, "root>1", 2, "root"));
        time.advance(Duration.ofSeconds(30));
        log.confirm();

        assertThat(second.lookup(1).source()).isEqualTo(Source.REMOTE);
        assertThat(second.lookup(2).source()).isEqualTo(Source.REMOTE);
        assertThat(loads).hasValue(2);
    }

    @Test
    void getAll_oneByOneAndALoaderReadsALaterKey_thisNodeKeepsItsCopyForTheLocalTimeToLive() {
        LoadingCache<Integer, String> cache = tree(one);
        cache.getAll(List.of(1, 2));
        time.advance(Duration.ofMillis(999));
        assertThat(cache.lookup(2).source()).isEqualTo(Source.LOCAL);

        time.advance(Duration.ofMillis(1));

        assertThat(cache.lookup(2).source()).isEqualTo(Source.REMOTE);
    }

    private LoadingCache<Integer, String> tree(CacheRegistry node) {
        AtomicReference<LoadingCache<Integer, String>> tree = new AtomicReference<>();
        tree.set(node.newCache("tree", String.class)
                .timeToLive(Duration.ofMinutes(1))
                .localTimeToLive(Duration.ofSeconds(1))
                .jitter(0)
                .build((Integer key) -> {
                    loads.incrementAndGet();
                    return key == 2
                            ? "root"
                            : Objects.requireNonNull(tree.get()).get(key + 1) + '>' + key;
                }));
        return Objects.requireNonNull(tree.get());
    }

    /** All are stored when the last one is loaded: by then the first one has an age. */
    @Test
    void getAll_oneByOneAndLoadsTakeLong_theFirstLivesAsLongAsTheOthers() {
        for (CacheRegistry node : List.of(one, two)) {
            node.newCache("slow", String.class)
                    .timeToLive(Duration.ofSeconds(4))
                    .jitter(0)
                    .build((String key) -> {
                        time.advance(Duration.ofSeconds(1));
                        log.confirm();
                        return key + loads.incrementAndGet();
                    });
        }
        LoadingCache<String, String> second = find(two, "slow");
        find(one, "slow").getAll(List.of("a", "b", "c"));

        time.advance(Duration.ofMillis(1_999));
        log.confirm();
        assertThat(second.lookup("a").source()).isEqualTo(Source.REMOTE);
        time.advance(Duration.ofMillis(1));
        assertThat(second.get("a")).isEqualTo("a4");
    }

    @Test
    void getAll_loaderThrowsAnError_leavesNoLeaseAndNoFlightBehind() {
        LoadingCache<String, String> cache = one.newCache("bulk", String.class).buildBulk((Set<String> keys) -> {
            if (loads.getAndIncrement() == 0) {
                throw new StackOverflowError();
            }
            return Map.of("a", "1", "b", "2");
        });

        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"))).isInstanceOf(StackOverflowError.class);

        assertThat(store.keys()).isEmpty();
        assertThat(cache.getAll(List.of("a", "b"))).hasSize(2);
    }

    @Test
    void getAll_loaderFails_leavesNoLeaseBehind() {
        LoadingCache<String, String> cache = one.newCache("bulk", String.class).buildBulk((Set<String> keys) -> {
            throw new IOException("down");
        });

        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"))).isInstanceOf(CacheLoadException.class);

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void getAll_loaderReadsAKeyThatItIsLoading_saysSoAtOnce() {
        AtomicReference<LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = one.newCache("bulk", String.class)
                .leaseTime(Duration.ofMinutes(10))
                .buildBulk((Set<String> keys) ->
                        Map.of("a", Objects.requireNonNull(self.get()).get("a")));
        self.set(cache);

        assertThatThrownBy(() -> cache.getAll(List.of("a", "b")))
                .isInstanceOf(CacheLoadException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cache 'bulk' was asked by its loader for the key that it is loading. A loader must not read"
                                + " its own key.");
    }

    @Test
    void get_loaderThrowsAnError_leavesNoLeaseBehind() {
        LoadingCache<String, String> cache = one.newCache("cache", String.class).build((String key) -> {
            throw new StackOverflowError();
        });

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(StackOverflowError.class);

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void refresh_whileAnotherNodeLoads_replacesWhatThatStores() {
        LoadingCache<String, String> first = counting(one);
        LoadingCache<String, String> second = counting(two);
        store.plant("test:cache:a", new Token.Source(99).next().lease());
        store.beforeNext(
                Command.GET,
                () -> store.beforeNext(Command.GET, () -> {
                    store.clear();
                    second.get("a");
                }));

        assertThat(first.refresh("a")).contains("a2");

        assertThat(readByAThirdNode()).isEqualTo("a2");
    }

    private String readByAThirdNode() {
        try (CacheRegistry three = AssembledRegistry.of(time, store, log.node())) {
            return counting(three).get("a");
        }
    }

    @Test
    void refresh_loaderFails_throwsAndLeavesTheEntry() {
        LoadingCache<String, String> cache = one.newCache("cache", String.class)
                .serveStaleFor(Duration.ofHours(1))
                .build((String key) -> {
                    if (loads.getAndIncrement() > 0) {
                        throw new IOException("down");
                    }
                    return "1";
                });
        cache.get("a");

        assertThatThrownBy(() -> cache.refresh("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasMessage("The loader of cache 'cache' failed, and there is no value that may be served instead.");

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(store.keys()).containsExactly("test:cache:a");
    }

    @Test
    void get_foreignBytesUnderTheKey_areReplaced() {
        store.plant("test:cache:a", "hello".getBytes(UTF_8));

        assertThat(counting(one).get("a")).isEqualTo("a1");
        assertThat(counting(two).get("a")).isEqualTo("a1");
    }

    @Test
    void put_reachesTheOtherNode() {
        LoadingCache<String, String> first = counting(one);
        LoadingCache<String, String> second = counting(two);
        second.get("a");

        first.put("a", "put");

        assertThat(first.get("a")).isEqualTo("put");
        assertThat(second.get("a")).isEqualTo("put");
        assertThat(loads).hasValue(1);
    }

    /** Written well, but not to be read: the other node would load it each time, and nobody would know why. */
    @Test
    void get_typeThatCannotBeReadBack_isKeptHereOnlyAndWarnedOfOnce() {
        LoadingCache<String, OneWay> cache =
                one.newCache("one-way", OneWay.class).build((String key) -> new OneWay("v", 1));

        try (RecordedLog lines = new RecordedLog("EntryCodec")) {
            cache.get("a");
            cache.get("b");
            assertThat(lines.lines()).hasSize(1);
        }

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(cache.stats().unstorable()).isEqualTo(2);
        assertThat(store.keys()).isEmpty();
    }

    /** Has what a writer needs, and no constructor that a reader could use. */
    static final class OneWay {

        public final String text;

        OneWay(String first, int second) {
            text = first + second;
        }
    }

    @Test
    void get_failsAfterAnInvalidationOfWhatItWasToReplace_doesNotFallBackOnIt() {
        LoadingCache<String, String> cache = one.newCache("failing", String.class)
                .localMaximumSize(0)
                .timeToLive(Duration.ofSeconds(1))
                .serveStaleFor(Duration.ofHours(1))
                .jitter(0)
                .build((String key) -> {
                    if (loads.getAndIncrement() > 0) {
                        find(one, "failing").invalidate(key);
                        throw new IllegalStateException("down");
                    }
                    return "old";
                });
        cache.get("a");
        time.advance(Duration.ofSeconds(1));
        log.confirm();

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
    }
}
