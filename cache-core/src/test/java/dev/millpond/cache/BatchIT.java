package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches of some ten thousands of keys, of two nodes over a real Redis. */
class BatchIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final int FEW = 9_000;
    private static final int MANY = 45_000;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicInteger loads = new AtomicInteger();
    private CacheRegistry one;
    private CacheRegistry two;

    @BeforeEach
    void start() {
        redis.server().flush();
        one = node();
        two = node();
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private CacheRegistry node() {
        RedisConnection connection = RedisConnection.to(redis.url());
        open.push(connection);
        assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        CacheRegistry node =
                CacheRegistry.builder().redis(connection).namespace("batch").build();
        open.push(node);
        await().until(() -> node.invalidationStats().trusted());
        return node;
    }

    private LoadingCache<Integer, String> cache(CacheRegistry node) {
        return node.newCache("cache", String.class).localMaximumSize(1_000).buildBulk(keys -> {
            loads.addAndGet(keys.size());
            return keys.stream().collect(Collectors.toMap(key -> key, key -> "loaded" + key));
        });
    }

    private static Stream<Integer> keys(int count) {
        return IntStream.range(0, count).boxed();
    }

    private static Stream<Map.Entry<Integer, String>> entries(int count) {
        return IntStream.range(0, count).mapToObj(key -> Map.entry(key, "put" + key));
    }

    private Map<Integer, String> read(LoadingCache<Integer, String> cache, int count) {
        Map<Integer, String> read = new HashMap<>();
        loads.set(0);
        assertThat(cache.batch()
                        .onFailure(OnFailure.ACCUMULATE)
                        .getAll(keys(count), read::put)
                        .done())
                .isEqualTo(count);
        return read;
    }

    /** On a busy machine Redis may give a part of the answers too late; then that part is loaded, or not stored. */
    private void assertAlmostAllPut(Map<Integer, String> read) {
        assertThat(read.entrySet().stream().filter(each -> each.getValue().equals("put" + each.getKey())))
                .hasSizeGreaterThan(read.size() * 9 / 10);
    }

    @Test
    void batches_asManyKeysAsCanBeNamed_reachTheOtherNode() {
        LoadingCache<Integer, String> first = cache(one);
        LoadingCache<Integer, String> second = cache(two);

        assertThat(read(second, FEW)).containsEntry(FEW - 1, "loaded" + (FEW - 1));
        first.batch().putAll(entries(FEW));
        await().untilAsserted(() -> assertThat(second.get(FEW - 1)).isEqualTo("put" + (FEW - 1)));
        assertAlmostAllPut(read(second, FEW));
        first.batch().invalidateAll(keys(FEW));
        await().untilAsserted(() -> assertThat(second.get(FEW - 1)).isEqualTo("loaded" + (FEW - 1)));
        assertThat(read(second, FEW).values()).allMatch(value -> value.startsWith("loaded"));
    }

    /** More than a node remembers names. */
    @Test
    void batches_moreKeysThanCanBeNamed_reachTheOtherNodeAndLeaveOtherCachesAlone() {
        LoadingCache<Integer, String> first = cache(one);
        LoadingCache<Integer, String> second = cache(two);
        Cache<String, String> other = two.newCache("other", String.class).build();
        other.put("a", "kept");
        read(second, 100);

        first.batch().putAll(entries(MANY));

        await().untilAsserted(() -> assertThat(second.get(MANY - 1)).isEqualTo("put" + (MANY - 1)));
        assertAlmostAllPut(read(second, MANY));
        assertThat(other.getIfPresent("a")).isPresent();

        first.batch().invalidateAll(keys(MANY));
        await().untilAsserted(() -> assertThat(second.get(MANY - 1)).isEqualTo("loaded" + (MANY - 1)));
        assertThat(read(second, 20_000).values()).allMatch(value -> value.startsWith("loaded"));
        assertThat(one.invalidationStats().pending()).isZero();
        assertThat(List.of(one, two)).allMatch(node -> node.invalidationStats().flushes() == 0);
    }
}
