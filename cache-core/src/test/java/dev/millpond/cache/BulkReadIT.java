package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads of very many keys over a real Redis. */
class BulkReadIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String NAMESPACE = "bulk";
    private static final int MANY = 20_000;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private RedisConnection connect() {
        RedisConnection connection = RedisConnection.to(redis.url());
        open.push(connection);
        assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        return connection;
    }

    private CacheRegistry registry(RedisConnection connection) {
        CacheRegistry registry =
                CacheRegistry.builder().redis(connection).namespace(NAMESPACE).build();
        open.push(registry);
        await().until(() -> registry.invalidationStats().trusted());
        return registry;
    }

    private static List<Integer> keys(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static long stored(String cache) {
        return Long.parseLong(String.valueOf(redis.server()
                .command("EVAL", "return #redis.call('KEYS', ARGV[1])", "0", NAMESPACE + ':' + cache + ":*")));
    }

    @Test
    void getAll_loadOfManyKeysFails_leavesNoLeaseBehind() {
        AtomicLong leases = new AtomicLong();
        LoadingCache<Integer, String> failing = registry(connect())
                .newCache("failing", String.class)
                .leaseTime(Duration.ofMinutes(10))
                .buildBulk((Set<Integer> keys) -> {
                    leases.set(stored("failing"));
                    throw new IllegalStateException("The source is away.");
                });

        // On a busy machine Redis may be asked in vain; then there is no lease to be left.
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThatThrownBy(() -> failing.getAll(keys(MANY))).isInstanceOf(CacheLoadException.class);
            assertThat(leases).hasValue(MANY);
        });

        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(stored("failing")).isZero());
    }
}
