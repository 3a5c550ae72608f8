package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** Connections for tests that count: a busy machine must not make them lose an answer. */
public final class PatientRedis {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private PatientRedis() {}

    /** Connects to one server, and waits until it answers. */
    public static RedisConnection connect(String url) {
        RedisUrl server = RedisUrl.parse(url);
        return connectTo("singleServerConfig:\n  address: '" + server.address() + "'\n"
                + server.user().map(user -> "  username: '" + user + "'\n").orElse("")
                + server.password()
                        .map(password -> "  password: '" + password + "'\n")
                        .orElse(""));
    }

    /** Connects as Redisson's YAML says, which ends with settings of its servers, and waits until they answer. */
    public static RedisConnection connectTo(String redissonYaml) {
        RedisConnection connection = RedisConnection.ofYaml(redissonYaml + "  timeout: 10000\n");
        assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
        return connection;
    }
}
