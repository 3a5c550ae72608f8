package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.internal.LimitEngineContract;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.SlotMigration;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Buckets in a Redis Cluster, also while their slots move. */
class ClusterLimitEngineIT extends LimitEngineContract {

    private static final List<RateLimit> FREE = Tier.FREE.limits();
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    @RegisterExtension
    static final RedisCluster CLUSTER = RedisCluster.create();

    private static RedisConnection connection;

    private final FakeTicker clock = new FakeTicker();
    private LimitEngine engine;

    @BeforeAll
    static void connect() {
        connection = RedisConnection.ofYaml(CLUSTER.redissonYaml());
        assertThat(connection.awaitAvailable(LONG_ENOUGH)).isTrue();
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @BeforeEach
    void begin() {
        CLUSTER.flush();
        engine = new RedisLimitEngine(
                RedisLimitEngine.bucketsOf(
                        RedisEngine.SCRIPT, connection.guard(), clock, clock, new HandClockScript(clock)),
                connection.guard(),
                LONG_ENOUGH,
                clock,
                "test:rl");
    }

    @Override
    protected LimitEngine engine() {
        return engine;
    }

    @Override
    protected void advance(Duration time) {
        clock.advance(time);
    }

    @Override
    protected Duration precision() {
        return Duration.ofMillis(1);
    }

    @Test
    void take_slotMovesAndHasMoved_countsOn() {
        assertThat(remainingAfterOne()).isEqualTo(11);
        try (SlotMigration migration = CLUSTER.beginSlotMigration("bucket")) {
            assertThat(remainingAfterOne()).isEqualTo(10);
            migration.moveKeys();
            assertThat(remainingAfterOne()).isEqualTo(9);
        }
        assertThat(remainingAfterOne()).isEqualTo(8);
    }

    @Test
    void take_scriptsForgottenByAllNodes_countsOn() {
        assertThat(remainingAfterOne()).isEqualTo(11);
        CLUSTER.flushScripts();

        assertThat(remainingAfterOne()).isEqualTo(10);
    }

    private long remainingAfterOne() {
        return engine.take("bucket", FREE, 1).toCompletableFuture().join().remaining();
    }
}
