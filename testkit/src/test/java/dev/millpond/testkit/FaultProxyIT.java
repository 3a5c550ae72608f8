package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.testkit.internal.RespClient;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class FaultProxyIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final FaultProxy proxy = FaultProxy.to(redis.server());
    private final RespClient client = new RespClient("127.0.0.1", proxy.port());

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void noFault_command_isAnsweredByRedis() {
        assertThat(client.command("SET", "key", "value")).isEqualTo("OK");
        assertThat(redis.server().command("GET", "key")).isEqualTo("value");
    }

    @Test
    void delay_command_isAnsweredLater() {
        proxy.delay(Duration.ofMillis(100));
        long start = System.nanoTime();

        assertThat(client.command("PING")).isEqualTo("PONG");

        assertThat(System.nanoTime() - start).isGreaterThan(100_000_000L);
    }

    @Test
    void refuse_command_failsUntilRestore() {
        proxy.refuse();

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> client.command("PING"))
                .withCauseInstanceOf(ConnectException.class);
        proxy.restore();
        assertThat(client.command("PING")).isEqualTo("PONG");
    }

    @Test
    void noFault_serverRestarts_proxyReachesItAgain() {
        assumeThat(redis.server().controllable()).isTrue();
        redis.server().stop();
        assertThat(client.answers()).isFalse();

        redis.server().start();

        assertThat(client.answers()).isTrue();
    }
}
