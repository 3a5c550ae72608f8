package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.spi.BulkCommands;
import dev.millpond.testkit.RedisCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

@Tag("one-jdk")
final class LoneCommandsOfClusterIT extends BulkCommandsContract {

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    @Override
    Config config() {
        return Config.fromYAML(cluster.redissonYaml());
    }

    @Override
    BulkCommands commandsOf(RedissonClient connected) {
        return BulkCommands.of(connected);
    }

    @Override
    void forgetScripts() {
        cluster.flushScripts();
    }

    @Override
    void flush() {
        cluster.flush();
    }

    /** The client learns of it by what the old master says. */
    @Test
    void get_slotHasMoved_answersFromWhereItIs() {
        String key = "commands:moved";
        var unused = answer(commands.set(key, bytes("one"), LONG_ENOUGH));

        cluster.moveSlot(key);

        assertThat(answer(commands.get(key))).isEqualTo(bytes("one"));
    }
}
