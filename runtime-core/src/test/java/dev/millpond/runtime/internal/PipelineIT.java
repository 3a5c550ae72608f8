package dev.millpond.runtime.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.RedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnection;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.config.Config;
import org.redisson.connection.MasterSlaveEntry;

/** What a write does with commands that nobody waits for any more, where there is one connection and it is taken. */
@Tag("one-jdk")
final class PipelineIT {

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
    private static final String COUNT = "return redis.call('INCR', KEYS[1])";
    private static final String GIVEN_UP = "{pipeline}:given-up";
    private static final String AWAITED = "{pipeline}:awaited";

    private final RedissonClient client = Redisson.create(oneConnection());
    private final RedisMasters masters = requireNonNull(RedisMasters.of(client));
    private final MasterSlaveEntry master = requireNonNull(masters.of(AWAITED));
    private final RedissonCommands commands = new RedissonCommands(client);
    private final Pipeline pipeline = new Pipeline(master, masters, commands);

    private static Config oneConnection() {
        Config config = Config.fromYAML(cluster.redissonYaml());
        config.useClusterServers().setMasterConnectionPoolSize(1).setMasterConnectionMinimumIdleSize(1);
        return config;
    }

    /** A script that the master does not know would not run in any case. */
    @BeforeEach
    void loadScript() {
        cluster.flush();
        commands.evalLong(COUNT, List.of("{pipeline}:warm-up"), List.of())
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        client.shutdown();
    }

    @Test
    void send_callerGivesUpBeforeAConnectionIsFree_runsTheOthersAlone() {
        RedisConnection taken = takeConnection();
        CompletableFuture<Long> givenUp = count(GIVEN_UP);
        CompletableFuture<Long> awaited = count(AWAITED);
        pipeline.send();

        givenUp.cancel(true);
        master.releaseWrite(taken);

        assertThat(awaited).succeedsWithin(LONG_ENOUGH).isEqualTo(1L);
        assertThat(cluster.masterOf(GIVEN_UP).command("EXISTS", GIVEN_UP)).isEqualTo(0L);
    }

    @Test
    void send_allGiveUpBeforeAConnectionIsFree_leavesTheConnectionToOthers() {
        RedisConnection taken = takeConnection();
        CompletableFuture<Long> givenUp = count(GIVEN_UP);
        pipeline.send();

        givenUp.cancel(true);
        master.releaseWrite(taken);

        assertThat(commands.evalLong(COUNT, List.of(AWAITED), List.of()).toCompletableFuture())
                .succeedsWithin(LONG_ENOUGH)
                .isEqualTo(1L);
        assertThat(cluster.masterOf(GIVEN_UP).command("EXISTS", GIVEN_UP)).isEqualTo(0L);
    }

    private CompletableFuture<Long> count(String key) {
        return pipeline.evalLong(COUNT, List.of(key), List.of()).toCompletableFuture();
    }

    private RedisConnection takeConnection() {
        return Answers.to(() -> master.connectionWriteOp(RedisCommands.GET)).join();
    }
}
