package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.SlotMigration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.client.RedisNodeNotFoundException;

/** Buckets in a Redis Cluster, also while their slots move. */
@Tag("one-jdk")
class ClusterLimitEngineIT extends HandClockContract {

    private static final List<RateLimit> FREE = Tier.FREE.limits();

    @RegisterExtension
    static final RedisCluster CLUSTER = RedisCluster.create();

    private static RedisConnection connection;

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connectTo(CLUSTER.redissonYaml());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @Override
    void empty() {
        CLUSTER.flush();
    }

    @Override
    LimitEngine newEngine() {
        return engine(RedisEngine.SCRIPT, connection, clock);
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

    @Test
    void takeAll_bucketsOfOneSlotAndOfSeveral_neverCrossSlots() {
        for (List<Take> takes : List.of(buckets("{client}:a", "{client}:b"), buckets("a", "b", "{client}:c"))) {
            assertThat(takeAll(takes, 7)).extracting(BucketState::remaining).containsOnly(5L);
            assertThat(takeAll(takes, 7)).extracting(BucketState::admitted).containsOnly(false);
            assertThat(takeAll(takes, 0)).extracting(BucketState::remaining).containsOnly(5L);
        }

        assertThat(CLUSTER.nodes())
                .extracting(node -> node.command("INFO", "errorstats"))
                .noneMatch(errors -> String.valueOf(errors).contains("CROSSSLOT"));
    }

    @Test
    void takeAll_slotMoves_isDecidedForEachBucketInItsPlace() {
        List<Take> takes = buckets("{client}:a", "{client}:b");
        takeAll(takes, 1);
        try (SlotMigration migration = CLUSTER.beginSlotMigration("{client}")) {
            migration.moveKey("{client}:a");
            assertThat(takeAll(takes, 1)).extracting(BucketState::remaining).containsExactly(10L, 10L);
            assertThat(takeAll(buckets("{client}:a", "{client}:new"), 1))
                    .extracting(BucketState::remaining)
                    .containsExactly(9L, 11L);
            assertThat(takeAll(takes, 10)).extracting(BucketState::admitted).containsExactly(false, true);
            migration.moveKeys();
            assertThat(takeAll(takes, 1)).extracting(BucketState::remaining).containsExactly(8L, 9L);
        }
        assertThat(takeAll(takes, 8)).extracting(BucketState::remaining).containsExactly(0L, 1L);
    }

    @Test
    void takeAll_slotOfPlacesMoves_countsOn() {
        List<Take> takes = List.of(new Take("{client}:a", FREE, Optional.of(InFlightLimit.of(3))));
        takeAll(takes, 1);
        try (SlotMigration migration = CLUSTER.beginSlotMigration("{client}")) {
            migration.moveKey("{client}:a");
            assertThat(takeAll(takes, 1).get(0).permit()).isPresent();
            migration.moveKeys();
            assertThat(takeAll(takes, 1).get(0).permit()).isPresent();
            assertThat(takeAll(takes, 1).get(0).crowded()).isTrue();
        }
        assertThat(takeAll(takes, 1))
                .extracting(BucketState::crowded, BucketState::remaining)
                .containsExactly(tuple(true, 9L));
    }

    private static List<Take> buckets(String... names) {
        return Stream.of(names).map(name -> new Take(name, FREE)).toList();
    }

    private List<BucketState> takeAll(List<Take> takes, long cost) {
        return engine.takeAll(takes, cost).toCompletableFuture().join();
    }

    @Test
    void take_withLeasesWhileTheSlotMoves_countsOn() {
        Take leased = new Take("bucket", Tier.PRO.limits(), Optional.empty(), 11);
        assertThat(admitted(leased, 50)).isEqualTo(50);
        try (SlotMigration migration = CLUSTER.beginSlotMigration("bucket")) {
            assertThat(admitted(leased, 50)).isEqualTo(50);
            migration.moveKeys();
            assertThat(admitted(leased, 50)).isEqualTo(50);
        }

        assertThat(admitted(leased, 1_000)).isBetween(950L - 2 * 11 - 6, 950L);
    }

    private long admitted(Take take, int requests) {
        return IntStream.range(0, requests)
                .filter(i -> answered(take).get(0).admitted())
                .count();
    }

    /** For a moment the client may know no node for a slot that has moved: such a call is not sent. */
    private List<BucketState> answered(Take take) {
        return await().atMost(Duration.ofSeconds(10))
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsMatching(
                        failure -> Throwables.getRootCause(failure) instanceof RedisNodeNotFoundException)
                .until(() -> takeAll(List.of(take), 1), states -> true);
    }

    private long remainingAfterOne() {
        return engine.take("bucket", FREE, 1).toCompletableFuture().join().remaining();
    }
}
