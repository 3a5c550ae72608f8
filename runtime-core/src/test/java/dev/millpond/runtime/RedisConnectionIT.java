package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.millpond.runtime.internal.RecordedLog;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.testkit.FaultProxy;
import dev.millpond.testkit.RedisExtension;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

final class RedisConnectionIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String ADDRESS =
            redis.server().host() + ":" + redis.server().port();
    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final FaultProxy proxy = FaultProxy.to(redis.server());

    @BeforeEach
    void setKey() {
        redis.server().command("SET", "key", "value");
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void to_runningRedis_becomesAvailableAndAnswers() {
        try (RedisConnection connection = RedisConnection.to(redis.url())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();

            assertThat(connection.available()).isTrue();
            assertThat(connection.guard().call(BUDGET, get("key"))).isEqualTo("value");
            assertThat(connection.guard().callAsync(BUDGET, get("key")))
                    .succeedsWithin(LONG)
                    .isEqualTo("value");
            assertThat(connection.guard().call(BUDGET, get("absent"))).isNull();
        }
    }

    @Test
    void to_redisAppearsLater_connectsByItself() {
        proxy.refuse();
        try (RedisConnection connection = RedisConnection.to(proxy.url())) {
            assertThat(connection.awaitAvailable(Duration.ofMillis(700))).isFalse();
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> connection.guard().call(BUDGET, get("key")))
                    .withMessage("Redis is away, so the call was not sent.");

            proxy.restore();

            assertThat(connection.awaitAvailable(LONG)).isTrue();
            assertThat(connection.guard().call(BUDGET, get("key"))).isEqualTo("value");
        }
    }

    @Test
    void to_blackHoleAtTheStart_connectsWhenItEnds() {
        proxy.blackhole();
        try (RedisConnection connection = RedisConnection.to(proxy.url())) {
            assertThat(connection.awaitAvailable(Duration.ofMillis(700))).isFalse();

            proxy.restore();

            assertThat(connection.awaitAvailable(LONG)).isTrue();
            assertThat(connection.guard().call(BUDGET, get("key"))).isEqualTo("value");
        }
    }

    @Test
    void to_urlWithDatabase_usesThatDatabase() {
        try (RedisConnection connection = RedisConnection.to("redis://" + ADDRESS + "/3")) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            connection.guard().call(BUDGET, client -> bucket(client, "in 3").setAsync("value", Duration.ofMinutes(1)));

            assertThat(connection.guard().call(BUDGET, get("in 3"))).isEqualTo("value");
            assertThat(redis.server().command("GET", "in 3")).isNull();
        }
    }

    @Test
    void to_urlWithUserAndEncodedPassword_logsInAsThatUser() {
        redis.server().command("ACL", "SETUSER", "pond", "on", ">p@ss:w+rd/", "~*", "&*", "+@all");
        try (RedisConnection connection = RedisConnection.to("redis://pond:p%40ss%3Aw+rd%2F@" + ADDRESS)) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            assertThat(redis.server().command("CLIENT", "LIST")).asString().contains("user=pond");
        } finally {
            redis.server().command("ACL", "DELUSER", "pond");
        }
    }

    @Test
    void to_wrongPassword_staysAwayAndNobodyLogsThePassword() {
        try (RecordedLog log = RecordedLog.ofEverybody();
                RedisConnection connection = RedisConnection.to("redis://nobody:hunter2@" + ADDRESS)) {
            assertThat(connection.awaitAvailable(Duration.ofSeconds(2))).isFalse();

            assertThat(log.lines())
                    .contains(
                            "WARN Redis at redis://***@" + ADDRESS + " does not answer yet (RedisConnectionException)."
                                    + " Going on without it and trying again every 500 ms.")
                    .noneMatch(line -> line.contains("hunter2"));
        }
    }

    @Test
    void call_errorAnsweredByRedis_failsAndLeavesTheConnectionAvailable() {
        redis.server().command("LPUSH", "list", "element");
        try (RedisConnection connection = RedisConnection.to(redis.url())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();

            for (int i = 0; i < 20; i++) {
                assertThatExceptionOfType(RedisUnavailableException.class)
                        .isThrownBy(() -> connection.guard().call(BUDGET, get("list")))
                        .withMessage("The call to Redis failed with RedisException.")
                        .withStackTraceContaining("WRONGTYPE");
            }

            assertThat(connection.available()).isTrue();
        }
    }

    @Test
    void onAvailable_redisLeavesAndReturns_runsEachTime() {
        AtomicInteger runs = new AtomicInteger();
        try (RedisConnection connection = RedisConnection.to(proxy.url())) {
            connection.guard().onAvailable(runs::incrementAndGet);
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            await().untilAtomic(runs, is(1));

            proxy.refuse();
            await().until(() -> !connection.available());
            proxy.restore();

            await().untilAtomic(runs, is(2));
            assertThat(connection.available()).isTrue();
        }
    }

    @Test
    void onAvailable_registrationClosed_keepsNothingOfWhoeverRegistered() {
        try (RedisConnection connection = RedisConnection.to(redis.url())) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();

            WeakReference<?> registered = registerAndClose(connection.guard());

            await().until(() -> {
                System.gc();
                return registered.get() == null;
            });
        }
    }

    private static WeakReference<?> registerAndClose(RedisGuard guard) {
        AtomicInteger runs = new AtomicInteger();
        guard.onAvailable(runs::incrementAndGet).close();
        return new WeakReference<>(runs);
    }

    @Test
    void of_clientOfTheApplication_isUsedAndLeftOpen() {
        Config config = new Config();
        config.useSingleServer().setAddress(redis.url()).setConnectionMinimumIdleSize(1);
        RedissonClient client = Redisson.create(config);
        try {
            RedisConnection connection = RedisConnection.of(client);
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            assertThat(connection.guard().call(BUDGET, get("key"))).isEqualTo("value");

            connection.close();

            assertThat(client.isShutdown()).isFalse();
            assertThat(connection.available()).isFalse();
        } finally {
            client.shutdown();
        }
    }

    @Test
    void of_clientThatReadsFromReplicas_isRefused() {
        Config config = new Config().setLazyInitialization(true);
        config.useClusterServers().addNodeAddress(redis.url());
        RedissonClient client = Redisson.create(config);
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisConnection.of(client))
                    .withMessage("The Redisson client has the readMode SLAVE, must have MASTER: a replica may not know"
                            + " yet what was invalidated a moment ago. Call setReadMode(ReadMode.MASTER) on its"
                            + " configuration, or give Millpond a client of its own.");
        } finally {
            client.shutdown();
        }
    }

    @Test
    void ofYaml_singleServer_connects() {
        try (RedisConnection connection =
                RedisConnection.ofYaml("singleServerConfig: {address: \"" + redis.url() + "\"}")) {
            assertThat(connection.awaitAvailable(LONG)).isTrue();
            assertThat(connection.guard().call(BUDGET, get("key"))).isEqualTo("value");
        }
    }

    private static Function<RedissonClient, CompletionStage<String>> get(String key) {
        return client -> bucket(client, key).getAsync();
    }

    private static RBucket<String> bucket(RedissonClient client, String key) {
        return client.getBucket(key, StringCodec.INSTANCE);
    }
}
