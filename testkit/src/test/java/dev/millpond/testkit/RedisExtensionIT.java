package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RedisExtensionIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final RedisServer server = redis.server();

    @BeforeEach
    void setKey() {
        server.command("SET", "key", "value");
    }

    @AfterEach
    void restore() {
        if (server.controllable()) {
            server.resume();
            server.start();
        }
    }

    @Test
    void parameter_ofServerType_isTheSharedServer(RedisServer parameter) {
        assertThat(parameter).isSameAs(server);
        assertThat(redis.url()).isEqualTo(server.url()).endsWith(server.host() + ":" + server.port());
        assertThat(server.command("GET", "key")).isEqualTo("value");
    }

    @Test
    void flush_serverWithKeys_isEmptyAfterwards() {
        server.flush();

        assertThat(server.command("DBSIZE")).isEqualTo(0L);
    }

    @Test
    void stop_runningServer_refusesConnectionsUntilItStartsEmptyOnItsOldPort() {
        assumeThat(server.controllable()).isTrue();

        server.stop();
        server.stop();

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> server.command("PING"))
                .withMessageStartingWith(
                        "Redis at " + server.host() + ":" + server.port() + " gave no answer to PING:");
        server.start();
        assertThat(server.command("DBSIZE")).isEqualTo(0L);
    }

    @Test
    void restart_runningServer_isANewAndEmptyOne() {
        assumeThat(server.controllable()).isTrue();
        Object before = server.command("INFO", "server");

        server.restart();

        assertThat(server.command("INFO", "server")).isNotEqualTo(before);
        assertThat(server.command("GET", "key")).isNull();
    }

    @Test
    void pause_runningServer_answersOnlyAfterResume() {
        assumeThat(server.controllable()).isTrue();

        server.pause();
        server.pause();

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> server.command("PING"))
                .withCauseInstanceOf(SocketTimeoutException.class);
        server.resume();
        assertThat(server.command("GET", "key")).isEqualTo("value");
    }

    @Test
    void stop_pausedServer_killsIt() {
        assumeThat(server.controllable()).isTrue();
        server.pause();

        server.restart();

        assertThat(server.command("PING")).isEqualTo("PONG");
    }
}
