package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.spi.LookupListener;
import dev.millpond.cache.spi.ValueCodec;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.FakeTicker;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How registries are configured, and what they do beside making caches. */
class CacheRegistryTest {

    private static ValueCodec codec(int id) {
        return new ValueCodec() {
            @Override
            public int id() {
                return id;
            }

            @Override
            public <V> Format<V> forType(Type type) {
                throw new AssertionError("Nothing is stored.");
            }
        };
    }

    /** A connection that nothing must use. */
    private static final RedisConnection REDIS = new RedisConnection() {
        @Override
        public RedisGuard guard() {
            throw new AssertionError("No registry is built with it.");
        }

        @Override
        public RedisStats stats() {
            throw new AssertionError("Nobody asks.");
        }

        @Override
        public boolean awaitAvailable(Duration maxWait) {
            return false;
        }

        @Override
        public void close() {}
    };

    record Setting(String name, Consumer<CacheRegistry.Builder> setter) {}

    static Stream<Setting> settings() {
        return Stream.of(
                new Setting("redis", builder -> builder.redis(REDIS)),
                new Setting("namespace", builder -> builder.namespace("test")),
                new Setting("enabled", builder -> builder.enabled(true)),
                new Setting("stalenessBound", builder -> builder.stalenessBound(Duration.ofSeconds(5))),
                new Setting("pollInterval", builder -> builder.pollInterval(Duration.ofSeconds(1))),
                new Setting("codec", builder -> builder.codec(codec(2))),
                new Setting("executor", builder -> builder.executor(Runnable::run)),
                new Setting("warmerCustomizer", builder -> builder.warmerCustomizer((cache, warmer) -> warmer)),
                new Setting("ticker", builder -> builder.ticker(new FakeTicker())),
                new Setting("clock", builder -> builder.clock(InstantSource.system())));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void builder_settingGivenTwice_isRefused(Setting setting) {
        CacheRegistry.Builder builder = CacheRegistry.builder();
        setting.setter().accept(builder);

        assertThatIllegalStateException()
                .isThrownBy(() -> setting.setter().accept(builder))
                .withMessage("Cache registry: " + setting.name() + " was set twice. Set it once.");
    }

    @Test
    void builder_allSettings_canBeGivenTogether() {
        CacheRegistry.Builder builder = CacheRegistry.builder();

        settings().forEach(setting -> setting.setter().accept(builder));

        assertThat(builder).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "{a}"})
    void namespace_notAName_isRefused(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheRegistry.builder().namespace(namespace))
                .withMessage("Cache registry: namespace is '" + namespace
                        + "', must be 1 to 64 letters, digits, dots, hyphens or underscores. Choose a name such as"
                        + " 'standings'.");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void codec_idOutOfRange_isRefused(int id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheRegistry.builder().codec(codec(id)))
                .withMessage("Cache registry: codec id is " + id + ", must be from 0 to 255.");
    }

    @Test
    void build_disabled_keepsNothing() {
        AtomicInteger loads = new AtomicInteger();
        try (CacheRegistry registry = CacheRegistry.builder().enabled(false).build()) {
            LoadingCache<String, Integer> cache =
                    registry.newCache("cache", Integer.class).build((String key) -> loads.incrementAndGet());

            assertThat(cache.get("a")).isEqualTo(1);
            assertThat(cache.get("a")).isEqualTo(2);
            assertThat(cache.localSize()).isZero();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // The mistake under test.
    void newCache_valueTypeIsNull_isRefusedWithTheFix() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            assertThatNullPointerException()
                    .isThrownBy(() -> registry.newCache("teams", (Class<String>) null))
                    .withMessage("Cache 'teams': value type is null. Give the class of its values, or a TypeRef.");
            assertThatNullPointerException()
                    .isThrownBy(() -> registry.newCache("teams", (TypeRef<String>) null))
                    .withMessage("Cache 'teams': value type is null. Give the class of its values, or a TypeRef.");
        }
    }

    @Test
    void newCache_notAName_isRefused() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.newCache("team standings", String.class))
                    .withMessage("Cache name is 'team standings', must be 1 to 64 letters, digits, dots, hyphens or"
                            + " underscores. Choose a name such as 'standings'.");
        }
    }

    /** Keys of such a cache would begin like the buckets of a rate limiter of the same namespace. */
    @Test
    void newCache_nameOfTheRateLimiter_isRefused() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.newCache("rl", String.class))
                    .withMessage("Cache name is 'rl', which is the part of keys in Redis that rate limiters use. Choose"
                            + " another name such as 'standings'.");
        }
    }

    @Test
    void build_nameTaken_isRefused() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            registry.newCache("teams", String.class).build();

            assertThatIllegalStateException()
                    .isThrownBy(() -> registry.newCache("teams", String.class).build((String key) -> key))
                    .withMessage(
                            "Cache 'teams' exists already in this registry. Give each cache a name of its own, or use"
                                    + " find(...).");
        }
    }

    @Test
    void find_byName_returnsTheCacheItself() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            Cache<String, String> teams =
                    registry.newCache("teams", String.class).build();
            LoadingCache<String, List<String>> players =
                    registry.newCache("players", new TypeRef<List<String>>() {}).build((String key) -> List.of(key));

            assertThat(registry.find("teams")).containsSame(teams);
            assertThat(registry.find("players")).containsSame(players);
            assertThat(registry.find("leagues")).isEmpty();
            assertThat(registry.caches()).containsExactlyInAnyOrder(teams, players);
        }
    }

    @Test
    void invalidate_noTags_isHarmless() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            LoadingCache<String, String> cache =
                    registry.newCache("cache", String.class).build((String key) -> key);
            cache.get("a");

            registry.invalidate();

            assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        }
    }

    @Test
    void lookupListener_removed_isNotTold() {
        List<LookupListener.Lookup> seen = new ArrayList<>();
        LookupListener listener = seen::add;
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            LoadingCache<String, String> cache =
                    registry.newCache("cache", String.class).build((String key) -> key);
            registry.addLookupListener(listener);
            cache.get("a");

            registry.removeLookupListener(listener);
            cache.get("a");
        }

        assertThat(seen).hasSize(1);
    }

    @Test
    void close_readsGoOn() {
        CacheRegistry registry = CacheRegistry.builder().build();
        LoadingCache<String, String> cache =
                registry.newCache("cache", String.class).build((String key) -> key);

        registry.close();

        assertThat(cache.get("a")).isEqualTo("a");
        assertThat(cache.getAsync("b").join()).isEqualTo("b");
    }

    @Test
    void build_boundBelowTwoPollsAndATimeout_isRefused() {
        CacheRegistry.Builder builder = CacheRegistry.builder().redis(REDIS).stalenessBound(Duration.ofMillis(1299));

        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessage(
                        "Cache registry: stalenessBound is PT1.299S, must be at least PT1.3S: twice the pollInterval,"
                                + " PT0.5S, and the time limit of a call to Redis, PT0.3S. Give a longer bound or a shorter"
                                + " interval.");
    }

    @Test
    void invalidationStats_withoutRedis_areThoseOfALogThatIsAlwaysKnown() {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            registry.invalidate(Tag.of("a", 1));

            assertThat(registry.invalidationStats())
                    .isEqualTo(new InvalidationStats(true, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0));
        }
    }
}
