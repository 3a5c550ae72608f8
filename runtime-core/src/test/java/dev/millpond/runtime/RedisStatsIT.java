package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.RedisStats.Pool;
import dev.millpond.runtime.RedisStats.State;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisExtension;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

final class RedisStatsIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FaultProxy proxy = FaultProxy.to(redis.server());

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void stats_redisGoesAndComes_tellsStateLossesAndCalls() {
        proxy.refuse();
        try (RedisConnection connection = RedisConnection.to(proxy.url())) {
            assertThat(connection.stats().state()).isEqualTo(State.CONNECTING);
            assertThat(connection.stats().pool()).isEmpty();
            assertThat(connection.guard().callAsync(BUDGET, RedisStatsIT::get)).isCompletedExceptionally();
            proxy.restore();
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(connection.guard().call(BUDGET, RedisStatsIT::get))
                            .isNull());
            assertThat(connection.stats().available()).isTrue();

            proxy.refuse();
            await().atMost(LONG).until(() -> connection.stats().state() == State.AWAY);
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> connection.guard().call(BUDGET, RedisStatsIT::get));

            RedisStats stats = connection.stats();
            assertThat(stats.losses()).isEqualTo(1);
            assertThat(stats.calls().answered()).isEqualTo(1);
            assertThat(stats.calls().refused()).isEqualTo(2);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(connection.stats().pool())
                            .hasValueSatisfying(pool -> assertThat(pool.idle()).isZero()));
        }
    }

    @Test
    void stats_redisIsSilentFromTheStart_doNotWaitForIt() {
        proxy.blackhole();
        try (RedisConnection connection = RedisConnection.to(proxy.url())) {
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertThat(connection.stats().state()).isEqualTo(State.CONNECTING);
                times.add(Duration.ofNanos(System.nanoTime() - start));
            }
            assertThat(Collections.min(times)).isLessThan(Duration.ofMillis(50));
        }
    }

    @Test
    void pool_nobodyCalls_isIdle() {
        try (RedisConnection connection = RedisConnection.to(redis.url())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(connection.stats().pool()).contains(new Pool(0, 4, 0, 16)));
        }
    }

    @Test
    void pool_moreBlockingCommandsThanConnections_isFullyUsedAndTheRestWaits() {
        try (RedisConnection connection = PatientRedis.connect(redis.url())) {
            List<CompletionStage<String>> blocking = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                blocking.add(connection
                        .guard()
                        .callAsync(
                                LONG,
                                client -> client.<String>getBlockingQueue("list", StringCodec.INSTANCE)
                                        .pollAsync(3, TimeUnit.SECONDS)));
            }

            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(10))
                    .untilAsserted(() -> assertThat(connection.stats().pool()).hasValueSatisfying(pool -> {
                        assertThat(pool.active()).isEqualTo(16);
                        assertThat(pool.utilization()).isEqualTo(1);
                        assertThat(pool.waiting()).isGreaterThanOrEqualTo(4);
                        assertThat(pool.idle()).isZero();
                    }));
            assertThat(connection.stats().calls().async()).isEqualTo(20);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(connection.stats().pool())
                            .hasValueSatisfying(
                                    pool -> assertThat(pool.active()).isZero()));
            assertThat(blocking).hasSize(20);
        }
    }

    @Test
    void pool_ofACluster_isTheSumOfItsMasters() {
        try (RedisConnection connection = RedisConnection.ofYaml(cluster.redissonYaml())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();

            assertThat(connection.stats().pool())
                    .hasValueSatisfying(pool -> assertThat(pool.maximum()).isEqualTo(3 * 16));
        }
    }

    @Test
    void pool_clientOfTheApplication_isReadUnlessItIsWrapped() {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(redis.url())
                .setConnectionPoolSize(7)
                .setConnectionMinimumIdleSize(1);
        RedissonClient client = Redisson.create(config);
        try (RedisConnection plain = RedisConnection.of(client);
                RedisConnection wrapped = RedisConnection.of(wrapped(client))) {
            assertThat(plain.awaitAvailable(LONG)).isTrue();
            assertThat(wrapped.awaitAvailable(LONG)).isTrue();

            assertThat(plain.stats().pool())
                    .hasValueSatisfying(pool -> assertThat(pool.maximum()).isEqualTo(7));
            assertThat(wrapped.stats().pool()).isEmpty();
        } finally {
            client.shutdown();
        }
    }

    private static RedissonClient wrapped(RedissonClient client) {
        return (RedissonClient) Proxy.newProxyInstance(
                RedisStatsIT.class.getClassLoader(),
                new Class<?>[] {RedissonClient.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    private static CompletionStage<@Nullable String> get(RedissonClient client) {
        return client.<@Nullable String>getBucket("key", StringCodec.INSTANCE).getAsync();
    }
}
