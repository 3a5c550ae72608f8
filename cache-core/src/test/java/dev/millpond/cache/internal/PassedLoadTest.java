package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of loaded values that are not to be kept, and of what they are newer than. */
class PassedLoadTest {

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = AssembledRegistry.of(time, store, log.node());
    private final Map<String, Callable<@Nullable String>> source = new HashMap<>();
    private boolean keeping = true;

    /** Ways to read one key. */
    enum Reading {
        ALONE {
            @Override
            Optional<String> read(LoadingCache<String, String> cache) {
                return cache.find("a");
            }
        },
        WITH_OTHERS {
            @Override
            Optional<String> read(LoadingCache<String, String> cache) {
                return Optional.ofNullable(cache.getAll(List.of("a", "b")).get("a"));
            }
        },
        ANEW {
            @Override
            Optional<String> read(LoadingCache<String, String> cache) {
                return cache.refresh("a");
            }
        };

        abstract Optional<String> read(LoadingCache<String, String> cache);
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class)
                .timeToLive(Duration.ofMinutes(1))
                .serveStaleFor(Duration.ofHours(1))
                .absentTimeToLive(Duration.ZERO)
                .failureTimeToLive(Duration.ZERO)
                .jitter(0);
    }

    private Stream<LoadingCache<String, String>> caches() {
        return Stream.of(builder("alone").build(this::load), builder("bulk").buildBulk((keys, loads) -> {
            Map<String, String> values = new HashMap<>();
            for (String key : keys) {
                values.put(key, load(key, loads.of(key)));
            }
            return values;
        }));
    }

    private @Nullable String load(String key, LoadContext load) throws Exception {
        if (!keeping) {
            load.timeToLive(Duration.ZERO);
        }
        return source.getOrDefault(key, () -> "other").call();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest
    @EnumSource
    void read_gone_isNotAnsweredWithTheValueOfBeforeWhenTheSourceFailsLater(Reading reading) {
        caches().forEach(cache -> {
            source.put("a", () -> "first");
            assertThat(reading.read(cache)).contains("first");
            letExpire();

            source.put("a", () -> null);
            assertThat(reading.read(cache)).isEmpty();

            assertFailsFromNowOn(cache);
        });
    }

    @ParameterizedTest
    @EnumSource
    void read_notToBeKept_isNotAnsweredWithTheValueOfBeforeWhenTheSourceFailsLater(Reading reading) {
        caches().forEach(cache -> {
            keeping = true;
            source.put("a", () -> "first");
            assertThat(reading.read(cache)).contains("first");
            letExpire();

            keeping = false;
            source.put("a", () -> "second");
            assertThat(reading.read(cache)).contains("second");

            assertFailsFromNowOn(cache);
        });
    }

    private void letExpire() {
        time.advance(Duration.ofMinutes(2));
        log.confirm();
    }

    private void assertFailsFromNowOn(LoadingCache<String, String> cache) {
        source.put("a", () -> {
            throw new IOException("down");
        });
        assertThatThrownBy(() -> cache.find("a")).isInstanceOf(CacheLoadException.class);
        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"))).isInstanceOf(CacheLoadException.class);
        assertThat(store.keys()).noneMatch(key -> key.endsWith(":a"));
    }

    @Test
    void getAll_laterLoadsTakeLongerThanTheTimeToLive_staleValuesOfTheFirstAreKept() {
        LoadingCache<String, String> cache = builder("slow").build((String key) -> {
            if (key.equals("b")) {
                time.advance(Duration.ofMinutes(2));
            }
            return source.getOrDefault(key, () -> "loaded").call();
        });
        cache.getAll(List.of("a", "b"));
        log.confirm();
        source.put("a", () -> {
            throw new IOException("down");
        });

        assertThat(cache.get("a")).isEqualTo("loaded");
    }

    @Test
    void get_notToBeKeptAndAnotherValueWasPutMeanwhile_thatStays() {
        List<Runnable> meanwhile = new ArrayList<>();
        LoadingCache<String, String> cache = builder("put").build((String key, LoadContext load) -> {
            load.timeToLive(Duration.ZERO);
            meanwhile.forEach(Runnable::run);
            return "passing";
        });
        meanwhile.add(
                () -> CompletableFuture.runAsync(() -> cache.put("a", "put")).join());

        assertThat(cache.get("a")).isEqualTo("passing");

        assertThat(cache.getIfPresent("a"))
                .hasValueSatisfying(there -> assertThat(there.value()).contains("put"));
        assertThat(cache.localSize()).isEqualTo(1);
    }

    @Test
    void refresh_notToBeKeptAndAnotherNodeIsLoadingIt_isNotAnsweredWithTheValueOfBefore() {
        LoadingCache<String, String> cache = caches().findFirst().orElseThrow();
        source.put("a", () -> "first");
        cache.get("a");
        String key = store.keys().iterator().next();
        byte[] stored = Objects.requireNonNull(store.get(key));
        byte[] claim = new Token.Source(99).refresh(time.millis() + 60_000);
        store.replacePrefixes(List.of(new PrefixChange(key, Token.prefixOf(stored), claim)));
        keeping = false;

        assertThat(cache.refresh("a")).contains("first");

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void getAll_notToBeKept_storesNothing() {
        keeping = false;

        caches().forEach(cache -> {
            assertThat(cache.getAll(List.of("a", "b"))).hasSize(2);
            assertThat(cache.localSize()).isZero();
        });

        assertThat(store.keys()).isEmpty();
    }
}
