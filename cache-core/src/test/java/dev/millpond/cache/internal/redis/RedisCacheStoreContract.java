package dev.millpond.cache.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.Servers;
import dev.millpond.cache.internal.CacheStoreContract;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The contract of stores, kept by the one over a real Redis; one subclass per topology. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RedisCacheStoreContract extends CacheStoreContract {

    private static final Duration CLOCK_PRECISION = Duration.ofMillis(20);

    private final Servers redis;
    private @Nullable RedisConnection connection;

    RedisCacheStoreContract(Servers redis) {
        this.redis = redis;
    }

    @BeforeEach
    void empty() {
        redis.flush();
    }

    @AfterAll
    void disconnect() {
        guarded().close();
    }

    private RedisConnection guarded() {
        if (connection == null) {
            connection = redis.connect();
        }
        return connection;
    }

    @Override
    protected CacheStore store() {
        return new RedisCacheStore(guarded().guard(), Duration.ofSeconds(2), "test-channel", new Releases());
    }

    /**
     * Redis counts whole milliseconds by a clock that it reads now and then, and keeps a key to the end of its last.
     */
    @Override
    protected void elapse(Duration time) {
        long start = System.nanoTime();
        long end = time.plus(CLOCK_PRECISION).toNanos();
        await().atMost(time.plusSeconds(5)).until(() -> System.nanoTime() - start >= end);
    }

    /** Another program may leave a list, say, under an entry's key. */
    @Test
    void anyCall_keyHoldsAList_treatsItAsAnEmptyString() {
        Duration minute = Duration.ofMinutes(1);
        byte[] lease = "L0123456789abcdef".getBytes(UTF_8);
        byte[] refresh = "R0123456789abcdef".getBytes(UTF_8);
        List<String> keys = List.of("other:1", "other:2");
        keys.forEach(key -> redis.masterOf(key).command("RPUSH", key, "element"));

        assertThat(store().get("other:1")).isEmpty();
        assertThat(store().getOrLease("other:1", lease, minute)).isEmpty();
        assertThat(store().getOrLeaseAll(keys, List.of(lease, lease), minute))
                .hasSize(2)
                .allSatisfy(stored -> assertThat(stored).isEmpty());
        assertThat(store().putIf(new ConditionalPut("other:1", lease, refresh, minute)))
                .isFalse();
        assertThat(store().replacePrefixes(List.of(new PrefixChange("other:1", lease, refresh)))
                        .toCompletableFuture()
                        .join())
                .containsExactly(false);
        assertThat(store().replaceHeaders(List.of(new ConditionalPut("other:1", lease, refresh, minute))))
                .containsExactly(false);
        store().dropAllIf(List.of(new ConditionalDrop("other:1", lease)))
                .toCompletableFuture()
                .join();
        assertThat(redis.masterOf("other:1").command("LLEN", "other:1")).isEqualTo(1L);

        assertThat(store().putAllIf(keys.stream()
                        .map(key -> new ConditionalPut(key, new byte[0], lease, minute))
                        .toList()))
                .containsExactly(true, true);
        assertThat(store().getAll(keys)).containsExactly(lease, lease);
    }

    /** In a cluster each server forgets by itself, and those that have not carry their part out twice. */
    @Test
    void batches_scriptsForgotten_areAnsweredAllTheSame() {
        for (int i = 0; i < 3; i++) {
            redis.flush();
            List<String> keys =
                    IntStream.range(0, 10).mapToObj(key -> "scripts:" + key).toList();
            byte[] lease = "L0123456789abcdef".getBytes(UTF_8);
            byte[] value = "V0123456789abcdef and more".getBytes(UTF_8);
            byte[] refresh = "R0123456789abcdef".getBytes(UTF_8);
            Duration minute = Duration.ofMinutes(1);

            forget(i);
            assertThat(store().getOrLeaseAll(keys, Collections.nCopies(keys.size(), lease), minute))
                    .hasSize(keys.size())
                    .containsOnlyNulls();
            assertThat(store().getAll(keys)).containsOnly(lease);

            forget(i);
            assertThat(store().putAllIf(keys.stream()
                            .map(key -> new ConditionalPut(key, lease, value, minute))
                            .toList()))
                    .hasSize(keys.size())
                    .containsOnly(true);
            assertThat(store().getAll(keys)).containsOnly(value);

            forget(i);
            assertThat(store().replacePrefixes(keys.stream()
                                    .map(key -> new PrefixChange(key, Arrays.copyOf(value, 17), refresh))
                                    .toList())
                            .toCompletableFuture()
                            .join())
                    .hasSize(keys.size())
                    .containsOnly(true);
            assertThat(store().getAll(keys)).containsOnly("R0123456789abcdef and more".getBytes(UTF_8));

            forget(i);
            byte[] header = "V0123456789abcdeF AND".getBytes(UTF_8);
            assertThat(store().replaceHeaders(keys.stream()
                            .map(key -> new ConditionalPut(key, refresh, header, minute))
                            .toList()))
                    .hasSize(keys.size())
                    .containsOnly(true);
            assertThat(store().getAll(keys)).containsOnly("V0123456789abcdeF AND more".getBytes(UTF_8));

            forget(i);
            store().dropAllIf(keys.stream()
                            .map(key -> new ConditionalDrop(key, Arrays.copyOf(header, 17)))
                            .toList())
                    .toCompletableFuture()
                    .join();
            assertThat(store().getAll(keys)).containsOnlyNulls();
        }
    }

    private void forget(int round) {
        if (round == 0) {
            redis.flushScripts();
        } else {
            redis.masters().get(0).command("SCRIPT", "FLUSH");
        }
    }
}
