package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Faults of loaders while their leases are in Redis. */
class RedisLoaderFaultIT extends LoaderFaultContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static RedisConnection connection;

    RedisLoaderFaultIT() {
        super(trusted());
    }

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(redis.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @Test
    void loader_isInterruptedByTheHardTimeout_givesItsLeaseBack() {
        CountDownLatch never = new CountDownLatch(1);
        LoadingCache<String, String> cache = builder()
                .leaseTime(Duration.ofMinutes(10))
                .hardTimeout(Duration.ofSeconds(1))
                .build((String key) -> {
                    never.await();
                    return key;
                });

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);

        await().until(() -> Long.valueOf(0).equals(redis.server().command("EXISTS", "faults:faults:a")));
    }

    @Test
    void loader_hangs_keepsItsLease() {
        CountDownLatch goOn = new CountDownLatch(1);
        LoadingCache<String, String> cache = builder()
                .leaseTime(Duration.ofMinutes(10))
                .hardTimeout(Duration.ofSeconds(1))
                .build((String key) -> {
                    awaitWhateverHappens(goOn);
                    return key;
                });

        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);

        assertThat(redis.server().command("EXISTS", "faults:faults:a")).isEqualTo(1L);
        goOn.countDown();
        await().until(() -> Long.valueOf(0).equals(redis.server().command("EXISTS", "faults:faults:a")));
    }

    private static CacheRegistry trusted() {
        redis.server().flush();
        CacheRegistry registry =
                CacheRegistry.builder().redis(connection).namespace("faults").build();
        await().until(() -> registry.invalidationStats().trusted());
        return registry;
    }
}
