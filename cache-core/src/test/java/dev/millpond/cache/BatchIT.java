package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches of some ten thousands of keys, of two nodes over a real Redis. */
class BatchIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final int FEW = 9_000;
    private static final int MANY = 45_000;

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "batch");

    private volatile String source = "first";
    private CacheRegistry one;
    private CacheRegistry two;

    @BeforeEach
    void start() {
        redis.server().flush();
        one = nodes.start();
        two = nodes.start();
    }

    private LoadingCache<Integer, String> cache(CacheRegistry node) {
        return node.newCache("cache", String.class)
                .localMaximumSize(1_000)
                .buildBulk(keys -> keys.stream().collect(Collectors.toMap(key -> key, key -> source + key)));
    }

    private static Stream<Integer> keys(int count) {
        return IntStream.range(0, count).boxed();
    }

    private static Stream<Map.Entry<Integer, String>> entries(int count) {
        return IntStream.range(0, count).mapToObj(key -> Map.entry(key, "put" + key));
    }

    private Map<Integer, String> read(LoadingCache<Integer, String> cache, int count) {
        Map<Integer, String> read = new HashMap<>();
        assertThat(cache.batch()
                        .onFailure(OnFailure.ACCUMULATE)
                        .getAll(keys(count), read::put)
                        .done())
                .isEqualTo(count);
        return read;
    }

    /** On a busy machine Redis may take or give a part too late, which then is not stored, or loaded: so again. */
    private static void untilAsserted(ThrowingRunnable step) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(step);
    }

    private static void assertAlmostAllPut(Map<Integer, String> read) {
        assertThat(read.values()).noneMatch(value -> value.startsWith("first"));
        assertThat(read.entrySet().stream().filter(each -> each.getValue().equals("put" + each.getKey())))
                .hasSizeGreaterThan(read.size() * 9 / 10);
    }

    @Test
    void batches_asManyKeysAsCanBeNamed_reachTheOtherNode() {
        LoadingCache<Integer, String> first = cache(one);
        LoadingCache<Integer, String> second = cache(two);
        assertThat(read(second, FEW)).containsEntry(FEW - 1, "first" + (FEW - 1));

        source = "second";
        untilAsserted(() -> {
            first.batch().putAll(entries(FEW));
            assertAlmostAllPut(read(second, FEW));
        });

        source = "third";
        first.batch().invalidateAll(keys(FEW));
        untilAsserted(() -> assertThat(read(second, FEW).values()).allMatch(value -> value.startsWith("third")));
    }

    /** More than a node remembers names. */
    @Test
    void batches_moreKeysThanCanBeNamed_reachTheOtherNodeAndLeaveOtherCachesAlone() {
        LoadingCache<Integer, String> first = cache(one);
        LoadingCache<Integer, String> second = cache(two);
        Cache<String, String> other = two.newCache("other", String.class).build();
        read(second, 100);

        source = "second";
        untilAsserted(() -> {
            other.put("a", "kept");
            first.batch().putAll(entries(MANY));
            assertAlmostAllPut(read(second, MANY));
            assertThat(other.getIfPresent("a")).isPresent();
        });

        source = "third";
        untilAsserted(() -> {
            other.put("a", "kept");
            first.batch().invalidateAll(keys(MANY));
            assertThat(read(second, 20_000).values()).allMatch(value -> value.startsWith("third"));
            assertThat(other.getIfPresent("a")).isPresent();
        });
        await().until(() -> one.invalidationStats().pending() == 0);
    }
}
