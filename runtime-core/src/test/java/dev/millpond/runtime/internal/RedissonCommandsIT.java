package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.BulkCommands;
import dev.millpond.testkit.RedisExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

@Tag("one-jdk")
final class RedissonCommandsIT extends BulkCommandsContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @Override
    Config config() {
        Config config = new Config();
        config.useSingleServer().setAddress(redis.url());
        return config;
    }

    @Override
    BulkCommands commandsOf(RedissonClient connected) {
        return new RedissonCommands(connected);
    }

    @Override
    void forgetScripts() {
        redis.server().command("SCRIPT", "FLUSH");
    }

    @Override
    void flush() {
        redis.server().command("FLUSHALL");
    }
}
