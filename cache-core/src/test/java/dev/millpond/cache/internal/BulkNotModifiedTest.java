package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.BulkLoadContext;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.JobCall;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bulk loaders that answer "not modified" for some keys, on two nodes over one store. */
class BulkNotModifiedTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);
    private static final int KEYS = 8;

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry node = node();
    private final CacheRegistry other = node();
    private final Map<Integer, Integer> versions = new TreeMap<>();
    private final Map<Integer, Optional<String>> told = new TreeMap<>();
    private final Set<Integer> read = new TreeSet<>();
    private Runnable meanwhile = () -> {};

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time);
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        node.close();
        other.close();
    }

    private static CacheBuilder<String> builder(CacheRegistry registry) {
        return registry.newCache("rows", String.class)
                .timeToLive(TIME_TO_LIVE)
                .serveStaleFor(Duration.ofHours(1))
                .jitter(0);
    }

    private LoadingCache<Integer, String> cache(CacheRegistry registry) {
        return builder(registry).buildBulk(this::load);
    }

    private static Tag tag(int key) {
        return Tag.of("row", key);
    }

    /** The source: versions first, and then the values of those that have changed. */
    private Map<Integer, String> load(Set<Integer> keys, BulkLoadContext<Integer> load) {
        Map<Integer, Integer> current = new HashMap<>();
        keys.forEach(key -> current.put(key, versions.getOrDefault(key, 1)));
        Runnable now = meanwhile;
        meanwhile = () -> {};
        now.run();
        Map<Integer, String> values = new HashMap<>();
        current.forEach((key, version) -> {
            LoadContext row = load.of(key);
            told.put(key, row.lastVersion());
            String value =
                    row.lastVersion().equals(Optional.of("" + version)) ? row.notModified() : read(key, version, row);
            if (value != null) {
                values.put(key, value);
            }
        });
        return values;
    }

    /** Every fourth version is of a row that is not there. */
    private @Nullable String read(int key, int version, LoadContext row) {
        read.add(key);
        row.version("" + version).tag(tag(key));
        return valueOf(key, version);
    }

    private static @Nullable String valueOf(int key, int version) {
        return version % 4 == 0 ? null : key + "." + version;
    }

    private void change(int key) {
        versions.merge(key, 2, (version, two) -> version + 1);
    }

    private Map<Integer, String> truth() {
        Map<Integer, String> truth = new TreeMap<>();
        for (int key = 0; key < KEYS; key++) {
            String value = valueOf(key, versions.getOrDefault(key, 1));
            if (value != null) {
                truth.put(key, value);
            }
        }
        return truth;
    }

    private static List<Integer> keys() {
        return List.of(0, 1, 2, 3, 4, 5, 6, 7);
    }

    private static long refresh(LoadingCache<Integer, String> cache) {
        Map<String, Long> counts =
                new JobCall().run(cache.warmer(() -> keys().stream()).build().refresh());
        return counts.getOrDefault("loaded", 0L);
    }

    @Test
    void getAll_someNotModified_readsTheOthersAloneAndAllAreFreshAgain() {
        LoadingCache<Integer, String> cache = cache(node);
        cache.getAll(keys());
        time.advance(TIME_TO_LIVE);
        change(2);
        read.clear();

        assertThat(cache.getAll(keys())).isEqualTo(truth());

        assertThat(told.values()).containsOnly(Optional.of("1"));
        assertThat(read).containsExactly(2);
        assertThat(cache.stats().notModified()).isEqualTo(7);
        read.clear();
        time.advance(TIME_TO_LIVE.minusNanos(1));
        assertThat(cache.getAll(keys())).isEqualTo(truth());
        assertThat(read).isEmpty();
        time.advance(Duration.ofNanos(1));
        cache.getAll(keys());
        assertThat(told).containsEntry(2, Optional.of("2")).containsEntry(3, Optional.of("1"));
    }

    @Test
    void refresh_ofAWarmer_sendsHeadersAloneForWhatWasNotModified() {
        LoadingCache<Integer, String> cache = builder(node)
                .buildBulk((Set<Integer> keys, BulkLoadContext<Integer> load) -> {
                    Map<Integer, String> values = new HashMap<>();
                    for (Integer key : keys) {
                        LoadContext row = load.of(key);
                        boolean isSame = row.lastVersion().equals(Optional.of("1"));
                        values.put(key, isSame ? row.notModified() : "v".repeat(1000));
                        row.version("1");
                    }
                    return values;
                });
        assertThat(refresh(cache)).isEqualTo(KEYS);
        long written = cache.stats().bytesWritten();
        assertThat(written).isGreaterThan(KEYS * 1000L);

        assertThat(refresh(cache)).isEqualTo(KEYS);

        assertThat(cache.stats().notModified()).isEqualTo(KEYS);
        assertThat(cache.stats().bytesWritten() - written).isLessThan(KEYS * 200L);
    }

    @Test
    void get_oneKey_isToldItsVersionToo() {
        LoadingCache<Integer, String> cache = cache(node);
        String first = cache.get(3);
        time.advance(TIME_TO_LIVE);

        assertThat(cache.get(3)).isEqualTo(first);

        assertThat(told).containsEntry(3, Optional.of("1"));
        assertThat(cache.stats().notModified()).isEqualTo(1);
    }

    @Test
    void getAll_otherNodeLoadedIt_isToldTheVersionFromRedis() {
        cache(other).getAll(keys());
        LoadingCache<Integer, String> cache = cache(node);
        time.advance(TIME_TO_LIVE);
        read.clear();

        assertThat(cache.getAll(keys())).isEqualTo(truth());

        assertThat(read).isEmpty();
    }

    @Test
    void getAll_tagOfOneKeyInvalidated_reachesThatKeyAlone() {
        LoadingCache<Integer, String> cache = cache(node);
        cache.getAll(keys());
        time.advance(TIME_TO_LIVE);
        cache.getAll(keys());
        told.clear();
        change(5);

        node.invalidate(tag(5));

        assertThat(cache.getAll(keys())).isEqualTo(truth());
        assertThat(told).containsOnlyKeys(5);
    }

    @Test
    void getAll_invalidatedWhileTheLoaderFindsThatNothingWasModified_isReadAgain() {
        LoadingCache<Integer, String> cache = cache(node);
        cache.getAll(keys());
        time.advance(TIME_TO_LIVE);
        meanwhile = () -> {
            change(4);
            other.invalidate(tag(4));
        };

        cache.getAll(keys());

        assertThat(cache.getAll(keys())).isEqualTo(truth());
        assertThat(cache(other).getAll(keys())).isEqualTo(truth());
    }

    @Test
    void getAll_keyInvalidated_hasNoLastVersion() {
        LoadingCache<Integer, String> cache = cache(node);
        cache.getAll(keys());
        cache.invalidate(1);

        cache.getAll(keys());

        assertThat(told).containsEntry(1, Optional.empty());
    }

    @Test
    void of_keyThatIsNotLoaded_isRefused() {
        LoadingCache<Integer, String> cache = builder(node)
                .buildBulk((Set<Integer> keys, BulkLoadContext<Integer> load) ->
                        Map.of(1, "" + load.of(99).lastVersion()));

        for (Runnable read : List.<Runnable>of(() -> cache.get(1), () -> cache.getAll(List.of(1, 2)))) {
            assertThatThrownBy(read::run)
                    .isInstanceOf(CacheLoadException.class)
                    .rootCause()
                    .hasMessage(
                            "A bulk loader asked for the context of a key that it is not loading. Ask for those of the"
                                    + " keys that it was given.");
        }
    }

    /** Whatever happens in whatever order: nobody reads what is older than the last invalidation. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void reads_changesRefreshesAndExpiryInAnyOrder_areTheTruth(long seed) {
        Random random = new Random(seed);
        LoadingCache<Integer, String> here = cache(node);
        LoadingCache<Integer, String> there = cache(other);
        List<Runnable> steps = List.of(
                () -> changeSome(random, List.of(here, there)),
                () -> meanwhile = () -> changeSome(random, List.of(here, there)),
                () -> refresh(random.nextBoolean() ? here : there),
                () -> time.advance(TIME_TO_LIVE.dividedBy(3)),
                () -> here.invalidate(random.nextInt(KEYS)),
                () -> here.getAll(List.of(random.nextInt(KEYS), random.nextInt(KEYS))));
        for (int i = 0; i < 300; i++) {
            steps.get(random.nextInt(steps.size())).run();
            if (random.nextBoolean()) {
                meanwhile = () -> {};
                assertThat(here.getAll(keys())).as("seed %d, step %d", seed, i).isEqualTo(truth());
                assertThat(there.getAll(keys())).as("seed %d, step %d", seed, i).isEqualTo(truth());
            }
        }
        assertThat(here.stats().notModified() + there.stats().notModified()).isGreaterThan(20);
    }

    private void changeSome(Random random, List<LoadingCache<Integer, String>> caches) {
        for (int i = 0; i < 2; i++) {
            int key = random.nextInt(KEYS);
            change(key);
            if (random.nextInt(4) == 0) {
                caches.get(random.nextInt(2)).invalidate(key);
            } else {
                (random.nextBoolean() ? node : other).invalidate(tag(key));
            }
        }
    }
}
