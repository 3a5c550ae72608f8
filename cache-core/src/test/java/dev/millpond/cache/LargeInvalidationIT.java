package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What invalidations of very many keys leave for a node that starts after them. */
@Tag("one-jdk")
class LargeInvalidationIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String NAMESPACE = "large";
    private static final int CALLS = 60;
    private static final int KEYS_PER_CALL = 9_000;

    /** One of the keys of each call. */
    private static final List<String> READ = IntStream.range(0, CALLS)
            .mapToObj(call -> key(call * KEYS_PER_CALL + call))
            .toList();

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), NAMESPACE);

    private final Map<String, String> source = new ConcurrentHashMap<>();
    private RedisConnection connection;
    private CacheRegistry registry;

    @BeforeEach
    void connect() {
        redis.server().flush();
        connection = nodes.connect();
        registry = nodes.start(connection);
        READ.forEach(key -> source.put(key, "old"));
    }

    /** Long, so that a log without a bound in bytes is too much for one answer. */
    private static String key(int number) {
        return "a-customer-of-a-shop-that-gives-its-customers-long-and-readable-numbers-" + number;
    }

    private static List<String> keys(int from, int to) {
        return IntStream.range(from, to).mapToObj(LargeInvalidationIT::key).toList();
    }

    private LoadingCache<String, String> rows(CacheRegistry node) {
        return node.newCache("rows", String.class).build(source::get);
    }

    /** Its entries stay in Redis when a row is invalidated, so that only the log tells. */
    private static LoadingCache<String, String> pages(CacheRegistry node, LoadingCache<String, String> rows) {
        return node.newCache("pages", String.class).build((String key) -> "page with " + rows.get(key));
    }

    @Test
    void invalidateAll_halfAMillionKeys_nodeThatStartsThenIsTrustedAndSeesNoneOfThem() {
        LoadingCache<String, String> rows = rows(registry);
        pages(registry, rows).getAll(READ);
        READ.forEach(key -> source.put(key, "new"));

        rows.invalidateAll(keys(0, 500_000));

        assertThatANodeThatStartsNowSeesTheNew(READ.subList(0, 500_000 / KEYS_PER_CALL));
    }

    @Test
    void invalidateAll_thousandsOfKeysAgainAndAgain_nodeThatStartsThenIsTrustedAndSeesNoneOfThem() {
        LoadingCache<String, String> rows = rows(registry);
        pages(registry, rows).getAll(READ);
        for (int call = 0; call < CALLS; call++) {
            source.put(READ.get(call), "new");
            rows.invalidateAll(keys(call * KEYS_PER_CALL, (call + 1) * KEYS_PER_CALL));
        }

        assertThatANodeThatStartsNowSeesTheNew(READ);
    }

    private void assertThatANodeThatStartsNowSeesTheNew(List<String> keys) {
        await().until(() -> registry.invalidationStats().pending() == 0);
        try (CacheRegistry late =
                CacheRegistry.builder().redis(connection).namespace(NAMESPACE).build()) {
            await().atMost(2, TimeUnit.SECONDS)
                    .until(() -> late.invalidationStats().trusted());
            LoadingCache<String, String> rows = rows(late);
            assertThat(pages(late, rows).getAll(keys).values()).containsOnly("page with new");
            assertThat(rows.getAll(keys).values()).containsOnly("new");
            assertThat(rows.lookup(keys.get(0)).fromCache()).isTrue();
        }
    }
}
