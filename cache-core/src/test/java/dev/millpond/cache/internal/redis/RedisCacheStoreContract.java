package dev.millpond.cache.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.Servers;
import dev.millpond.cache.internal.CacheStoreContract;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The contract of stores, kept by the one over a real Redis; one subclass per topology. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RedisCacheStoreContract extends CacheStoreContract {

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
            assertThat(connection.awaitAvailable(Duration.ofSeconds(10))).isTrue();
        }
        return connection;
    }

    @Override
    protected CacheStore store() {
        return new RedisCacheStore(guarded().guard(), Duration.ofSeconds(2), "test-channel", new Releases());
    }

    @Override
    protected void elapse(Duration time) {
        long start = System.nanoTime();
        await().atMost(time.plusSeconds(5)).until(() -> System.nanoTime() - start >= time.toNanos());
    }

    /**
     * In a cluster a part may be carried out twice, as each server forgets by itself: what counts is what is stored.
     */
    @Test
    void batches_scriptsForgotten_areAnsweredAllTheSame() {
        for (int i = 0; i < 3; i++) {
            redis.flush();
            List<String> keys = List.of("scripts:1", "scripts:2", "scripts:3");
            byte[] lease = "L0123456789abcdef".getBytes(UTF_8);
            byte[] value = "V0123456789abcdef and more".getBytes(UTF_8);
            Duration minute = Duration.ofMinutes(1);
            redis.flushScripts();
            store().getOrLeaseAll(keys, List.of(lease, lease, lease), minute);
            assertThat(store().getAll(keys))
                    .allSatisfy(stored -> assertThat(stored).startsWith(lease));
            redis.flushScripts();
            store().putAllIf(keys.stream()
                    .map(key -> new ConditionalPut(key, lease, value, minute))
                    .toList());
            assertThat(store().getAll(keys)).containsOnly(value);
            redis.flushScripts();
            store().replacePrefixes(keys.stream()
                            .map(key -> new PrefixChange(key, new byte[] {'V'}, new byte[] {'R'}))
                            .toList())
                    .toCompletableFuture()
                    .join();
            assertThat(store().getAll(keys)).containsOnly("R0123456789abcdef and more".getBytes(UTF_8));
        }
    }
}
