package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

/** Connections for tests that count tokens: a busy machine must not make them lose an answer. */
final class PatientRedis {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private PatientRedis() {}

    static RedisConnection connect(String url) {
        RedisConnection connection =
                RedisConnection.ofYaml("{singleServerConfig: {address: '" + url + "', timeout: 10000}}");
        assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
        return connection;
    }
}
