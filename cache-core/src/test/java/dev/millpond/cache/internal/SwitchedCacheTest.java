package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches of two nodes over one store and one log, each with switches of its own. */
class SwitchedCacheTest {

    private static final Switch CACHE = Switch.cache("cache");

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Switches switches = Switches.builder().build();
    private final CacheRegistry one = node(builder().switches(switches));
    private final CacheRegistry two = node(builder());
    private final AtomicInteger loads = new AtomicInteger();
    private final LoadingCache<String, String> first = counting(one);
    private final LoadingCache<String, String> second = counting(two);

    private RegistryBuilder builder() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.namespace("test").ticker(time).clock(time);
        return builder;
    }

    private CacheRegistry node(CacheRegistry.Builder builder) {
        return ((RegistryBuilder) builder).build(store, log.node(), Duration.ofSeconds(2));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private LoadingCache<String, String> counting(CacheRegistry node) {
        return node.newCache("cache", String.class)
                .jitter(0)
                .serveStaleFor(Duration.ofHours(1))
                .build((String key) -> key + loads.incrementAndGet());
    }

    private void set(SwitchMode mode) {
        switches.set(CACHE, mode, SwitchScope.NODE, "alice");
        store.forgetCommands();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache:cache", "cache", "millpond"})
    void get_off_loadsEachTimeAndLeavesBothLevelsAlone(String name) {
        first.get("a");
        Set<String> stored = Set.copyOf(store.keys());
        store.forgetCommands();

        switches.set(new Switch(name), SwitchMode.OFF, SwitchScope.FLEET, "alice");

        assertThat(first.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(first.get("a")).isEqualTo("a3");
        assertThat(first.refresh("a")).contains("a4");
        assertThat(first.getAsync("a")).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("a5");
        assertThat(first.getAll(List.of("a", "b"))).isEqualTo(Map.of("a", "a6", "b", "b7"));
        assertThat(first.getIfPresent("a")).isEmpty();
        assertThat(store.commands()).isEmpty();
        assertThat(store.keys()).containsExactlyElementsOf(stored);

        switches.takeBack(new Switch(name), SwitchScope.FLEET, "alice");
        assertThat(first.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(first.get("a")).isEqualTo("a1");
    }

    @Test
    void get_offAndLoaderFails_failsThoughThereIsAStaleValue() {
        AtomicInteger failures = new AtomicInteger();
        LoadingCache<String, String> cache = one.newCache("failing", String.class)
                .serveStaleFor(Duration.ofHours(1))
                .build((String key) -> {
                    if (failures.getAndIncrement() > 0) {
                        throw new IllegalStateException("gone");
                    }
                    return key;
                });
        cache.get("a");
        time.advance(Duration.ofMinutes(6));
        switches.set(Switch.cache("failing"), SwitchMode.OFF, SwitchScope.NODE, "alice");

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "read-only", "local-only", "0%", "1%"})
    void invalidate_whileSwitched_countsHereAndOnOtherNodesWhenItIsOnAgain(String mode) {
        first.get("key");
        first.get("tagless");
        second.get("key");
        set(SwitchMode.parse(mode));

        first.invalidate("key");
        second.invalidate("tagless");

        set(SwitchMode.ON);
        assertThat(first.lookup("key").source()).isEqualTo(Source.LOADER);
        assertThat(second.lookup("tagless").source()).isEqualTo(Source.LOADER);
        assertThat(first.lookup("tagless").source()).isEqualTo(Source.REMOTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "read-only"})
    void put_mayNotBeKept_invalidates(String mode) {
        first.get("a");
        second.get("a");
        set(SwitchMode.parse(mode));

        first.put("a", "put");

        assertThat(store.keys()).isEmpty();
        assertThat(second.get("a")).isEqualTo("a2");
        set(SwitchMode.ON);
        assertThat(first.get("a")).isEqualTo("a2");
    }

    @Test
    void put_localOnly_isKeptHereAndInvalidatesElsewhere() {
        first.get("a");
        second.get("a");
        set(SwitchMode.LOCAL_ONLY);

        first.put("a", "put");

        assertThat(first.get("a")).isEqualTo("put");
        assertThat(second.get("a")).isEqualTo("a2");
    }

    @Test
    void get_readOnly_answersWithWhatIsThereAndStoresNothing() {
        first.get("here");
        second.get("there");
        set(SwitchMode.READ_ONLY);

        assertThat(first.lookup("here").source()).isEqualTo(Source.LOCAL);
        assertThat(first.lookup("there").source()).isEqualTo(Source.REMOTE);
        assertThat(first.lookup("there").source()).isEqualTo(Source.REMOTE);
        assertThat(first.lookup("nowhere").source()).isEqualTo(Source.LOADER);
        assertThat(first.lookup("nowhere").source()).isEqualTo(Source.LOADER);
        assertThat(first.getAll(List.of("here", "bulk"))).containsOnlyKeys("here", "bulk");
        assertThat(first.refresh("here")).isPresent();

        assertThat(store.commands()).containsOnly(Command.GET, Command.GET_ALL);
        assertThat(store.keys()).containsExactlyInAnyOrder("test:cache:here", "test:cache:there");
        assertThat(first.localSize()).isEqualTo(1);
        assertThat(first.get("here")).isEqualTo("here1");
    }

    @Test
    void get_localOnly_worksWithoutTheStore() {
        second.get("there");
        set(SwitchMode.LOCAL_ONLY);

        assertThat(first.lookup("there").source()).isEqualTo(Source.LOADER);
        assertThat(first.lookup("there").source()).isEqualTo(Source.LOCAL);
        assertThat(first.getAll(List.of("there", "bulk"))).containsOnlyKeys("there", "bulk");
        assertThat(first.lookup("bulk").source()).isEqualTo(Source.LOCAL);
        assertThat(store.commands()).isEmpty();

        two.invalidate(Tag.of("unrelated", 1));
        second.invalidate("bulk");
        assertThat(first.lookup("bulk").source()).isEqualTo(Source.LOADER);
    }

    @Test
    void get_share_isCachedForTheSameKeysOnAllNodes() {
        set(SwitchMode.share(30));
        List<String> keys = IntStream.range(0, 1_000).mapToObj(i -> "" + i).toList();

        Map<String, String> loaded = first.getAll(keys);
        loads.set(10_000);
        List<String> cached = keys.stream()
                .filter(key -> first.get(key).equals(loaded.get(key)))
                .toList();

        assertThat(cached.size()).isBetween(250, 350);
        assertThat(store.keys())
                .containsExactlyInAnyOrderElementsOf(
                        cached.stream().map(key -> "test:cache:" + key).toList());
        set(SwitchMode.share(60));
        assertThat(cached).allMatch(key -> first.get(key).equals(loaded.get(key)));
    }

    @Test
    void getAll_offWithABulkLoader_isOneLoad() {
        AtomicInteger bulkLoads = new AtomicInteger();
        LoadingCache<Integer, Integer> cache = one.newCache("bulk", Integer.class)
                .buildBulk((Set<Integer> keys) -> {
                    bulkLoads.incrementAndGet();
                    Map<Integer, Integer> squares = new LinkedHashMap<>();
                    keys.forEach(key -> squares.put(key, key * key));
                    return squares;
                });
        switches.set(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice");

        assertThat(cache.getAll(List.of(1, 2, 3))).isEqualTo(Map.of(1, 1, 2, 4, 3, 9));

        assertThat(bulkLoads).hasValue(1);
        assertThat(store.commands()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "read-only", "local-only"})
    void get_switchedDuringALoad_storesNothingInRedisAndLeavesNoLease(String mode) {
        LoadingCache<String, String> cache = one.newCache("slow", String.class).build((String key) -> {
            switches.set(Switch.cache("slow"), SwitchMode.parse(mode), SwitchScope.NODE, "alice");
            return key;
        });

        assertThat(cache.get("a")).isEqualTo("a");
        assertThat(cache.getAll(List.of("b"))).isEqualTo(Map.of("b", "b"));

        assertThat(store.keys()).isEmpty();
        assertThat(cache.localSize()).isEqualTo(mode.equals("local-only") ? 2 : 0);
    }

    @Test
    void dependsOn_cacheThatIsOff_stillInheritsItsTags() {
        two.newCache("base", String.class)
                .build((String key, LoadContext load) -> {
                    load.tag(Tag.of("team", 39));
                    return key;
                })
                .get("a");
        LoadingCache<String, String> base = one.newCache("base", String.class).build((String key) -> key);
        LoadingCache<String, String> derived = one.newCache("derived", String.class)
                .build((String key, LoadContext load) -> {
                    load.dependsOn(base, key);
                    return key + loads.incrementAndGet();
                });
        switches.set(Switch.cache("base"), SwitchMode.OFF, SwitchScope.NODE, "alice");
        assertThat(derived.get("a")).isEqualTo("a1");

        two.invalidate(Tag.of("team", 39));

        assertThat(derived.get("a")).isEqualTo("a2");
    }

    @Test
    void enabled_false_isWhatHoldsUntilASwitchIsSet() {
        CacheRegistry off = node(builder().switches(switches).enabled(false));
        LoadingCache<String, String> cache =
                off.newCache("late", String.class).build((String key) -> key + loads.incrementAndGet());
        LoadingCache<String, String> disabled =
                off.newCache("later", String.class).enabled(false).build((String key) -> key + loads.incrementAndGet());
        assertThat(cache.get("a")).isNotEqualTo(cache.get("a"));

        switches.set(Switch.CACHE, SwitchMode.ON, SwitchScope.NODE, "alice");
        assertThat(cache.get("a")).isEqualTo(cache.get("a"));
        assertThat(disabled.get("a")).isNotEqualTo(disabled.get("a"));

        switches.set(Switch.cache("later"), SwitchMode.ON, SwitchScope.NODE, "alice");
        assertThat(disabled.get("a")).isEqualTo(disabled.get("a"));
        off.close();
    }
}
