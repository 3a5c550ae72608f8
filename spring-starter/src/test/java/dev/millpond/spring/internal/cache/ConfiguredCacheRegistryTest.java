package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.TypeRef;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.spring.CacheProperties;
import dev.millpond.spring.CacheSettings;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class ConfiguredCacheRegistryTest {

    private final FakeTicker time = new FakeTicker();

    @Test
    void newCache_propertyOfTheCache_winsOverItsCode() {
        CacheRegistry registry = registry(Map.of("cache.caches.numbers.time-to-live", "1m"));

        assertThat(freshAfter(registry, builder -> builder.timeToLive(Duration.ofMinutes(10)), 59))
                .isTrue();
        assertThat(freshAfter(registry, builder -> builder.timeToLive(Duration.ofMinutes(10)), 61))
                .isFalse();
    }

    @Test
    void newCache_codeOfTheCache_winsOverPropertiesOfAllCaches() {
        CacheRegistry registry = registry(Map.of("cache.time-to-live", "1m"));

        assertThat(freshAfter(registry, builder -> builder.timeToLive(Duration.ofMinutes(10)), 599))
                .isTrue();
    }

    @Test
    void newCache_nothingInCode_takesPropertiesOfAllCaches() {
        CacheRegistry registry = registry(Map.of("cache.time-to-live", "1m"));

        assertThat(freshAfter(registry, builder -> builder, 59)).isTrue();
        assertThat(freshAfter(registry, builder -> builder, 61)).isFalse();
    }

    @Test
    void newCache_localTimeToLive_isApplied() {
        CacheRegistry registry = registry(Map.of("cache.local-time-to-live", "10s"));

        assertThat(freshAfter(registry, builder -> builder, 11)).isFalse();
    }

    @Test
    void newCache_absentTimeToLive_isApplied() {
        LoadingCache<String, Integer> cache = registry(Map.of("cache.caches.absent.absent-time-to-live", "0s"))
                .newCache("absent", Integer.class)
                .absentTimeToLive(Duration.ofHours(1))
                .build((String key) -> null);
        cache.find("one");

        assertThat(cache.getIfPresent("one")).isEmpty();
    }

    @Test
    void newCache_serveStaleFor_isApplied() {
        AtomicInteger loads = new AtomicInteger();
        LoadingCache<String, Integer> cache = registry(Map.of("cache.serve-stale-for", "1h"))
                .newCache("stale", Integer.class)
                .build((String key) -> {
                    if (loads.incrementAndGet() > 1) {
                        throw new IllegalStateException("down");
                    }
                    return 1;
                });
        cache.get("one");
        time.advance(Duration.ofMinutes(30));

        assertThat(cache.get("one")).isEqualTo(1);
    }

    @Test
    void newCache_disabledByProperty_winsOverCode() {
        CacheRegistry registry = registry(Map.of("cache.caches.numbers.enabled", "false"));

        assertThat(freshAfter(registry, builder -> builder.enabled(true), 0)).isFalse();
    }

    @Test
    void localMaximumWeight_maximumSizeOfTheCacheInProperties_wins() {
        List<String> calls = new ArrayList<>();
        new ConfiguredCacheBuilder<>(recording(calls), maximumSize(5L), maximumSize(9L), cache -> {})
                .localMaximumWeight(100, value -> 1)
                .localMaximumSize(7)
                .build();

        assertThat(calls).containsExactly("localMaximumSize 5", "build");
    }

    @Test
    void localMaximumWeight_maximumSizeOfAllCachesInProperties_isReplaced() {
        List<String> calls = new ArrayList<>();
        new ConfiguredCacheBuilder<>(recording(calls), maximumSize(null), maximumSize(9L), cache -> {})
                .localMaximumWeight(100, value -> 1)
                .build();

        assertThat(calls).containsExactly("localMaximumWeight 100", "build");
    }

    @Test
    void newCache_propertiesOfLoads_winOverCodeAndFillInWhatItLeavesOpen() {
        List<String> calls = new ArrayList<>();
        CacheSettings own = new CacheSettings(
                null, null, null, null, null, null, null, null, 8, null, null, Duration.ofSeconds(2), 1.0, null, null);
        CacheSettings common = new CacheSettings(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                64,
                Duration.ofSeconds(3),
                Duration.ofMillis(200),
                null,
                0.0,
                Duration.ofSeconds(1),
                1_000);

        new ConfiguredCacheBuilder<>(recording(calls), own, common, cache -> {})
                .maximumConcurrentLoads(2)
                .hardTimeout(Duration.ofSeconds(9))
                .refreshAhead(3)
                .failureTimeToLive(Duration.ZERO)
                .build();

        assertThat(calls)
                .containsExactly(
                        "failureTimeToLive PT0S",
                        "maximumConcurrentLoads 8",
                        "softTimeout PT0.2S",
                        "hardTimeout PT2S",
                        "refreshAhead 1.0",
                        "slowLoadThreshold PT1S",
                        "hotKeys 1000",
                        "build");
    }

    @Test
    void newCache_strictByItsProperty_leavesOutTheLocalSettingsOfAllCaches() {
        List<String> calls = new ArrayList<>();
        CacheSettings common = new CacheSettings(
                true,
                null,
                Duration.ofSeconds(10),
                null,
                null,
                Duration.ofSeconds(20),
                500L,
                Consistency.BOUNDED,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        CacheSettings strict = new CacheSettings(
                null, null, null, null, null, null, null, Consistency.STRICT, null, null, null, null, null, null, null);

        new ConfiguredCacheBuilder<>(recording(calls), strict, common, cache -> {}).build();

        assertThat(calls).containsExactly("consistency STRICT", "build");
    }

    @Test
    void newCache_strictAmongCachesWithALocalSize_canBeMade() {
        CacheRegistry registry = registry(Map.of(
                "cache.local-maximum-size", "500",
                "cache.local-time-to-live", "10s",
                "cache.caches.exact.consistency", "strict"));

        assertThat(registry.newCache("exact", Integer.class).build().name()).isEqualTo("exact");
        assertThat(registry.newCache("numbers", Integer.class)
                        .consistency(Consistency.STRICT)
                        .build()
                        .name())
                .isEqualTo("numbers");
    }

    private static CacheSettings maximumSize(@Nullable Long entries) {
        return new CacheSettings(
                null, null, null, null, null, null, entries, null, null, null, null, null, null, null, null);
    }

    /** Returns a builder that notes its calls with their first arguments; it builds some cache. */
    @SuppressWarnings("unchecked")
    private static CacheBuilder<Integer> recording(List<String> calls) {
        Cache<?, ?> built =
                CacheRegistry.builder().build().newCache("built", Integer.class).build();
        return RecordingBuilder.of(CacheBuilder.class, calls, built);
    }

    @Test
    void newCache_warmedFromItsHotKeys_remembersSomeUnlessPropertiesOrCodeSayHowMany() {
        assertThat(hotKeys(Map.of(), builder -> builder)).isEmpty();
        assertThat(hotKeys(Map.of("cache.warm-up.hot-keys-of", "numbers"), builder -> builder))
                .hasSize(1000);
        assertThat(hotKeys(Map.of("cache.warm-up.hot-keys-of", "numbers", "cache.hot-keys", "7"), builder -> builder))
                .hasSize(7);
        assertThat(hotKeys(
                        Map.of("cache.warm-up.hot-keys-of", "numbers", "cache.caches.numbers.hot-keys", "8"),
                        builder -> builder))
                .hasSize(8);
        assertThat(hotKeys(Map.of("cache.warm-up.hot-keys-of", "numbers"), builder -> builder.hotKeys(9)))
                .hasSize(9);
    }

    /** Returns what a cache remembers of more keys than any of these. */
    private List<String> hotKeys(Map<String, String> properties, UnaryOperator<CacheBuilder<Integer>> code) {
        try (CacheRegistry registry = registry(properties)) {
            Cache<Integer, Integer> cache =
                    code.apply(registry.newCache("numbers", Integer.class)).build();
            IntStream.range(0, 1_500).forEach(key -> cache.get(key, one -> 1));
            return cache.hotKeys().texts();
        }
    }

    @Test
    void newCache_settingsThatHaveNoProperty_arePassedOn() {
        CacheRegistry registry = registry(Map.of());

        assertThatThrownBy(() -> registry.newCache("a", Integer.class).jitter(7))
                .hasMessageContaining("jitter");
        assertThatThrownBy(() -> registry.newCache("a", Integer.class).leaseTime(Duration.ZERO))
                .hasMessageContaining("leaseTime");
        assertThatThrownBy(() -> registry.newCache("a", Integer.class).schemaVersion(-1))
                .hasMessageContaining("schemaVersion");
        assertThat(registry.newCache("a", Integer.class)
                        .keyFormat(key -> "k")
                        .schemaVersion(3)
                        .leaseTime(Duration.ofSeconds(1))
                        .build()
                        .name())
                .isEqualTo("a");
    }

    @Test
    void newCache_allKindsOfCaches_areObserved() {
        ConfiguredCacheRegistry registry = registry(Map.of());
        registry.newCache("before", Integer.class).build();
        List<String> observed = new ArrayList<>();
        registry.observe(cache -> observed.add(cache.name()));

        registry.newCache("plain", new TypeRef<List<Integer>>() {}).build();
        registry.newCache("loading", Integer.class).build((String key) -> 1);
        registry.newCache("context", Integer.class).build((String key, LoadContext load) -> 1);
        registry.newCache("bulk", Integer.class)
                .<String>buildBulk(keys -> keys.stream().collect(Collectors.toMap(key -> key, String::length)));

        assertThat(observed).containsExactly("before", "plain", "loading", "context", "bulk");
        assertThat(registry.caches()).hasSize(5);
        assertThat(registry.find("bulk")).isPresent();
    }

    @Test
    void registry_otherCalls_arePassedOn() {
        CacheRegistry registry = registry(Map.of());
        List<LookupListener.Lookup> lookups = new ArrayList<>();
        LookupListener listener = lookups::add;
        LoadingCache<String, Integer> cache = registry.newCache("tagged", Integer.class)
                .build((String key, LoadContext load) -> {
                    load.tag(Tag.of("all", 1));
                    return 1;
                });
        registry.addLookupListener(listener);
        cache.get("one");
        registry.removeLookupListener(listener);
        registry.invalidate(Tag.of("all", 1));

        assertThat(cache.getIfPresent("one")).isEmpty();
        assertThat(lookups).hasSize(1);
        registry.close();
    }

    private boolean freshAfter(CacheRegistry registry, UnaryOperator<CacheBuilder<Integer>> code, int seconds) {
        Cache<?, ?> made = registry.find("numbers")
                .orElseGet(() -> code.apply(
                                registry.newCache("numbers", Integer.class).jitter(0))
                        .build());
        @SuppressWarnings("unchecked")
        Cache<String, Integer> cache = (Cache<String, Integer>) made;
        cache.put("one", 1);
        time.advance(Duration.ofSeconds(seconds));
        return cache.getIfPresent("one").isPresent();
    }

    private ConfiguredCacheRegistry registry(Map<String, String> properties) {
        CacheProperties bound =
                new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("cache", CacheProperties.class);
        return new ConfiguredCacheRegistry(CacheRegistry.builder().ticker(time).build(), bound);
    }
}
