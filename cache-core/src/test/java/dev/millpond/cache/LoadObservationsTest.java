package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millpond.cache.spi.LoadObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadObservationsTest {

    private static final String NAME = "millpond.cache.load";

    private final TestObservationRegistry observations = TestObservationRegistry.create();
    private final Observation request = Observation.start("request", observations);
    private CacheRegistry caches = registry(new LoadObservations(observations));

    private static CacheRegistry registry(LoadObserver observer) {
        return CacheRegistry.builder().loadObserver(observer).build();
    }

    @AfterEach
    void close() {
        caches.close();
    }

    /** A loader that makes an observation of its own, as a client of a database would. */
    private String query(String key) {
        Observation.start("query", observations).stop();
        return key;
    }

    private LoadingCache<String, String> cache() {
        return caches.newCache("standings", String.class).build(this::query);
    }

    private void assertNested() {
        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasContextualNameEqualTo("load of cache standings")
                .hasLowCardinalityKeyValue("cache", "standings")
                .hasHighCardinalityKeyValue("keys", "1")
                .hasOnlyKeys("cache", "keys")
                .hasParentObservationEqualTo(request)
                .hasBeenStarted()
                .hasBeenStopped()
                .doesNotHaveError();
        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo("query")
                .that()
                .hasParentObservationContextMatching(parent -> NAME.equals(parent.getName()));
        assertThat(observations.getCurrentObservation()).isNull();
    }

    @Test
    void get_miss_isAChildOfTheRequestAndParentOfWhatTheLoaderDoes() {
        LoadingCache<String, String> cache = cache();

        request.scoped(() -> cache.get("A"));

        assertNested();
    }

    @Test
    void get_hit_isNoObservation() {
        LoadingCache<String, String> cache = cache();
        cache.get("A");
        observations.clear();

        cache.get("A");

        TestObservationRegistryAssert.assertThat(observations).doesNotHaveAnyObservation();
    }

    @Test
    void getAsync_miss_keepsItsParentOnTheOtherThread() {
        LoadingCache<String, String> cache = cache();

        assertThat(request.scoped(() -> cache.getAsync("A"))
                        .toCompletableFuture()
                        .join())
                .isEqualTo("A");

        assertNested();
    }

    @Test
    void get_limitedLoad_keepsItsParentOnTheOtherThread() {
        LoadingCache<String, String> cache = caches.newCache("standings", String.class)
                .hardTimeout(Duration.ofMinutes(1))
                .build(this::query);

        request.scoped(() -> cache.get("A"));

        assertNested();
    }

    @Test
    void get_loaderFails_endsTheObservationWithItsError() {
        LoadingCache<String, String> cache = caches.newCache("standings", String.class)
                .build((String key) -> {
                    throw new IOException("down");
                });

        assertThatExceptionOfType(CacheLoadException.class).isThrownBy(() -> cache.get("A"));

        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasBeenStopped()
                .thenError()
                .isInstanceOf(IOException.class);
    }

    @Test
    void getAll_bulkLoader_isOneObservationOfAllKeys() {
        LoadingCache<String, String> cache =
                caches.newCache("standings", String.class).buildBulk(LoadObservationsTest::same);

        cache.getAll(List.of("A", "B", "C"));

        TestObservationRegistryAssert.assertThat(observations)
                .hasNumberOfObservationsWithNameEqualTo(NAME, 1)
                .hasObservationWithNameEqualTo(NAME)
                .that()
                .hasHighCardinalityKeyValue("keys", "3");
    }

    private static Map<String, String> same(Set<? extends String> keys) {
        Map<String, String> values = new LinkedHashMap<>();
        keys.forEach(key -> values.put(key, key));
        return values;
    }

    @Test
    void get_observerThatThrows_loadsAllTheSame() {
        caches.close();
        caches = registry(new Broken());
        LoadingCache<String, String> cache =
                caches.newCache("standings", String.class).build((String key) -> key);

        assertThat(cache.get("A")).isEqualTo("A");
        assertThat(cache.getAsync("B").toCompletableFuture().join()).isEqualTo("B");

        caches.close();
        caches = registry(load -> new BrokenEnd());
        assertThat(caches.newCache("standings", String.class)
                        .build((String key) -> key)
                        .get("A"))
                .isEqualTo("A");
    }

    private static final class Broken implements LoadObserver {

        @Override
        public Observed begin(Load load) {
            throw new IllegalStateException("no beginning");
        }

        @Override
        public Runnable carry(Runnable task) {
            throw new IllegalStateException("no way");
        }
    }

    private static final class BrokenEnd implements LoadObserver.Observed {

        @Override
        public void ended(@Nullable Throwable failure) {
            throw new IllegalStateException("no end");
        }
    }
}
