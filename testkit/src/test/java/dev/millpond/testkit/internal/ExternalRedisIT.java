package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ExternalRedisIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final String address = redis.server().host() + ":" + redis.server().port();

    @Test
    void flush_urlWithDatabase_emptiesThatDatabaseOnly() {
        RedisServer first = ExternalRedis.at("redis://" + address + "/1");
        RedisServer second = ExternalRedis.at("redis://" + address + "/2");
        first.command("SET", "key", "one");
        second.command("SET", "key", "two");

        first.flush();

        assertThat(first.command("GET", "key")).isNull();
        assertThat(second.command("GET", "key")).isEqualTo("two");
    }

    @Test
    void command_urlWithUser_logsIn() {
        redis.server().command("ACL", "SETUSER", "pond", "on", ">water", "~*", "+@all");
        RedisServer external = ExternalRedis.at("redis://pond:water@" + address);
        try {
            assertThat(external.command("ACL", "WHOAMI")).isEqualTo("pond");
        } finally {
            redis.server().command("ACL", "DELUSER", "pond");
        }
    }

    @Test
    void command_wrongPassword_saysSo() {
        RedisServer external = ExternalRedis.at("redis://:wrong@" + address);

        assertThatIllegalStateException()
                .isThrownBy(() -> external.command("PING"))
                .withMessageMatching("Redis answered '(ERR AUTH|WRONGPASS) .*' to the command AUTH\\.");
    }
}
