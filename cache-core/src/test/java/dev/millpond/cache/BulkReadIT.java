package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads of very many keys, and of very many bytes, over a real Redis. */
@Tag("one-jdk")
class BulkReadIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String NAMESPACE = "bulk";
    private static final int MANY = 20_000;
    private static final int LARGE_VALUES = 250;

    /** Text of random characters, which is not much less than 200 KB when compressed. */
    private static final String LARGE_TEXT = new Random(1)
            .ints(240_000, ' ', '~')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), NAMESPACE);

    @BeforeEach
    void empty() {
        redis.server().flush();
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
        LoadingCache<Integer, String> failing = nodes.start()
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

    /** The first read finds out how large they are, and may ask for too many at once. */
    @Test
    void getAll_manyLargeValues_comeFromRedisAndHoldUpNoOtherRead() {
        LoadingCache<Integer, String> writing = large(nodes.start(), key -> {});
        await().atMost(90, TimeUnit.SECONDS).until(() -> {
            writing.getAll(keys(LARGE_VALUES));
            return stored("large") == LARGE_VALUES;
        });
        RedisConnection connection = nodes.connect();
        CacheRegistry reading = nodes.start(connection);
        AtomicInteger loads = new AtomicInteger();
        LoadingCache<Integer, String> large = large(reading, key -> loads.incrementAndGet());

        try (OtherReads others = new OtherReads(connection, reading)) {
            large.getAll(keys(LARGE_VALUES));
            // On a busy machine some of 50 MB may come too late, and is loaded; not again and again.
            await().atMost(90, TimeUnit.SECONDS).until(() -> {
                loads.set(0);
                assertThat(large.getAll(keys(LARGE_VALUES))).hasSize(LARGE_VALUES);
                return loads.get() == 0;
            });

            assertThat(others.alwaysAvailable).isTrue();
            assertThat(others.answers).isNotEmpty();
            assertThat(others.loads()).isLessThanOrEqualTo(others.answers.size() / 4);
        }
    }

    /** Begins a cache that answers from Redis even what it has just read. */
    private static CacheBuilder<String> cache(CacheRegistry registry, String name) {
        return registry.newCache(name, String.class).localMaximumSize(0);
    }

    private static LoadingCache<Integer, String> large(CacheRegistry registry, IntConsumer onLoad) {
        return cache(registry, "large").build((Integer key) -> {
            onLoad.accept(key);
            return key + LARGE_TEXT;
        });
    }

    /** Reads of one small value from Redis, one after the other, until closed. */
    private static final class OtherReads implements AutoCloseable {

        private static final Duration PAUSE = Duration.ofMillis(2);

        private final Queue<Source> answers = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean alwaysAvailable = new AtomicBoolean(true);
        private final AtomicBoolean closed = new AtomicBoolean();
        private final CompletableFuture<Void> reading;

        OtherReads(RedisConnection connection, CacheRegistry registry) {
            LoadingCache<String, String> small = cache(registry, "small").build((String key) -> key);
            small.get("a");
            reading = CompletableFuture.runAsync(() -> {
                while (!closed.get()) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                    answers.add(small.lookup("a").source());
                    alwaysAvailable.compareAndSet(true, connection.guard().available());
                }
            });
        }

        long loads() {
            return answers.stream().filter(Source.LOADER::equals).count();
        }

        @Override
        public void close() {
            closed.set(true);
            reading.join();
        }
    }
}
