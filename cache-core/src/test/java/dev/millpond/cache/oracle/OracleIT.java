package dev.millpond.cache.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisSentinels;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The promises of the cache, on three nodes, while everything fails that can. {@code -Dmillpond.soak=60s} makes it
 * longer, {@code -Dmillpond.seed=42} repeats the faults of a run that printed this seed.
 */
@ExtendWith(QuietLogs.class)
class OracleIT {

    private static final Duration RECOVERY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(OracleIT.class);

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @RegisterExtension
    static final RedisCluster cluster = RedisCluster.create();

    @RegisterExtension
    static final RedisSentinels sentinels = RedisSentinels.create();

    @Test
    void reads_singleServerAndEverythingFails_keepEveryPromise() {
        assumeThat(redis.server().controllable()).isTrue();
        try (Fleet fleet = new SingleServer(redis.server())) {
            holdsUp(fleet, OracleSettings.length());
        }
    }

    @Test
    void reads_clusterAndEverythingFails_keepEveryPromise() {
        try (Fleet fleet = TopologyFleet.of(cluster)) {
            holdsUp(fleet, OracleSettings.length());
        }
    }

    @Test
    void reads_sentinelAndEverythingFails_keepEveryPromise() {
        try (Fleet fleet = TopologyFleet.of(sentinels)) {
            holdsUp(fleet, OracleSettings.length());
        }
    }

    private static void holdsUp(Fleet fleet, Duration length) {
        long seed = OracleSettings.seed();
        log.info("Oracle on {} for {}; -Dmillpond.seed={} repeats the faults.", fleet, length, seed);

        FaultPlan plan = new FaultPlan(fleet.faults(), seed);
        Report report =
                Trial.run(fleet, new Scenario(Variant.AS_SHIPPED, plan, length, node -> true, Reads::any, seed));

        log.info("Oracle on {}, seed {}:\n{}", fleet, seed, report);
        assertThat(report.violations()).describedAs("seed %d", seed).isEmpty();
        assertThat(report.lastRecovery()).describedAs("seed %d", seed).isLessThan(RECOVERY);
        assertAlive(report.calm().counts());
        assertThat(report.total().counts().grouped())
                .describedAs("calls that went to Redis together with others")
                .isPositive();
    }

    /**
     * Promises are easy to keep by a cache that never answers. How often it answers depends on how many reads there are
     * between two changes, so on the speed of the machine; these bounds tell a cache from none.
     */
    private static void assertAlive(Counts calm) {
        assertThat(calm.percent(calm.localHits()))
                .describedAs("%% of hits in the process")
                .isGreaterThan(10);
        assertThat(calm.percent(calm.remoteHits()))
                .describedAs("%% of hits in Redis")
                .isGreaterThan(1);
        assertThat(calm.percent(calm.loads()))
                .describedAs("loads per 100 look-ups")
                .isLessThan(80);
        assertThat(calm.notModified()).describedAs("values not modified").isPositive();
    }
}
