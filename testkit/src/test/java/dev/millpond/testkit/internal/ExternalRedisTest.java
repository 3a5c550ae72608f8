package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millpond.testkit.RedisServer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ExternalRedisTest {

    @Test
    void at_redisUrl_isReadAndCannotBeControlled() {
        RedisServer server = ExternalRedis.at("redis://cache.example:6380");

        assertThat(server.host()).isEqualTo("cache.example");
        assertThat(server.port()).isEqualTo(6380);
        assertThat(server.url()).isEqualTo("redis://cache.example:6380");
        assertThat(server.controllable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:6379, localhost:6379",
        "rediss://localhost:6379, rediss://localhost:6379",
        "redis://localhost, redis://localhost",
        "redis://user:secret@localhost, redis://***@localhost"
    })
    void at_otherUrl_isRefused(String url, String shown) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExternalRedis.at(url))
                .withMessage("MILLPOND_TEST_REDIS '" + shown
                        + "' has no redis:// scheme, host and port. Use redis://host:port.");
    }

    static Stream<Arguments> controls() {
        return Stream.of(
                control("started", RedisServer::start),
                control("stopped", RedisServer::stop),
                control("stopped", RedisServer::restart),
                control("paused", RedisServer::pause),
                control("resumed", RedisServer::resume));
    }

    @ParameterizedTest
    @MethodSource("controls")
    void control_serverOfSomebodyElse_isRefused(String done, Consumer<RedisServer> action) {
        RedisServer server = ExternalRedis.at("redis://user:secret@cache.example:6380");

        assertThatIllegalStateException()
                .isThrownBy(() -> action.accept(server))
                .withMessage("Redis at redis://***@cache.example:6380 cannot be " + done
                        + ": it was named by MILLPOND_TEST_REDIS and belongs to somebody else. Check controllable() first,"
                        + " or unset MILLPOND_TEST_REDIS.");
    }

    private static Arguments control(String done, Consumer<RedisServer> action) {
        return Arguments.of(done, action);
    }
}
