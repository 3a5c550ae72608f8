package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class RedisParameterIT {

    @Test
    void extendWith_testWithServerParameter_getsARunningServer(RedisServer redis) {
        assertThat(redis.command("PING")).isEqualTo("PONG");
    }
}
