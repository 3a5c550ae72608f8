package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.BatchResult;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.LoadingBatch;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches and single operations, at random on two fleets of two nodes each, do the same. */
class BatchOracleTest {

    private static final int STEPS = 400;
    private static final int KEYS = 40;

    private final FakeTicker time = new FakeTicker();
    private final Map<Integer, String> source = new HashMap<>();
    private final Set<Integer> broken = new HashSet<>();
    private final Fleet batched = new Fleet();
    private final Fleet single = new Fleet();
    private Random random = new Random(0);
    private int failures;
    private int values;

    static IntStream seeds() {
        return IntStream.range(0, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void batches_atRandom_doWhatSingleOperationsDo(int seed) {
        random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        assertThat(failures).isPositive();
        assertThat(values).isGreaterThan(STEPS);
        batched.close();
        single.close();
    }

    private void step() {
        int node = random.nextInt(2);
        List<Integer> keys =
                random.ints(random.nextInt(20), 0, KEYS).distinct().boxed().toList();
        switch (random.nextInt(8)) {
            case 0 -> put(node, keys);
            case 1 -> change(node, keys);
            case 2 -> breakOrMend(keys);
            case 3 -> elapse();
            default -> read(node, keys);
        }
        assertThat(batched.contents(node)).isEqualTo(single.contents(node));
    }

    private LoadingBatch<Integer, String> batch(int node) {
        return batched.caches
                .get(node)
                .batch()
                .chunkSize(1 + random.nextInt(12))
                .onFailure(OnFailure.ACCUMULATE);
    }

    private void put(int node, List<Integer> keys) {
        Map<Integer, String> entries = new LinkedHashMap<>();
        keys.forEach(key -> entries.put(key, "put" + random.nextInt()));
        source.putAll(entries);

        batch(node).putAll(entries.entrySet().stream());
        entries.forEach(single.caches.get(node)::put);
    }

    private void change(int node, List<Integer> keys) {
        keys.forEach(key -> source.put(key, "changed" + random.nextInt()));
        keys.stream().filter(key -> random.nextInt(4) == 0).forEach(source::remove);

        batch(node).invalidateAll(keys.stream());
        keys.forEach(single.caches.get(node)::invalidate);
    }

    private void breakOrMend(List<Integer> keys) {
        broken.clear();
        if (random.nextInt(3) > 0) {
            broken.addAll(keys);
        }
    }

    private void elapse() {
        time.advance(Duration.ofSeconds(random.nextInt(40)));
        batched.log.confirm();
        single.log.confirm();
    }

    private void read(int node, List<Integer> keys) {
        Map<Integer, String> read = new LinkedHashMap<>();
        BatchResult<Integer> result = batch(node).getAll(keys.stream(), read::put);

        Map<Integer, String> expected = new LinkedHashMap<>();
        Set<Integer> failed = new HashSet<>();
        for (Integer key : keys) {
            try {
                single.caches.get(node).find(key).ifPresent(value -> expected.put(key, value));
            } catch (CacheLoadException e) {
                failed.add(key);
            }
        }

        assertThat(List.copyOf(read.entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
        assertThat(result.firstFailures().keySet()).isEqualTo(failed);
        assertThat(result.done()).isEqualTo(expected.size());
        assertThat(result.absent()).isEqualTo(keys.size() - expected.size() - failed.size());
        failures += failed.size();
        values += read.size();
    }

    /** Two nodes over one store and one log. */
    private final class Fleet {

        private final InMemoryCacheStore store = new InMemoryCacheStore(time);
        private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
        private final List<CacheRegistry> nodes =
                List.of(AssembledRegistry.of(time, store, log.node()), AssembledRegistry.of(time, store, log.node()));
        private final List<LoadingCache<Integer, String>> caches = new ArrayList<>();

        Fleet() {
            nodes.forEach(node -> caches.add(node.newCache("cache", String.class)
                    .jitter(0)
                    .timeToLive(Duration.ofMinutes(1))
                    .serveStaleFor(Duration.ofMinutes(1))
                    .build(this::load)));
        }

        private @Nullable String load(Integer key) {
            if (broken.contains(key)) {
                throw new IllegalStateException("The source is away.");
            }
            return source.get(key);
        }

        Map<Integer, CacheResult<String>> contents(int node) {
            Map<Integer, CacheResult<String>> contents = new HashMap<>();
            for (int key = 0; key < KEYS; key++) {
                int each = key;
                caches.get(node).getIfPresent(key).ifPresent(result -> contents.put(each, result));
            }
            return contents;
        }

        void close() {
            nodes.forEach(CacheRegistry::close);
        }
    }
}
