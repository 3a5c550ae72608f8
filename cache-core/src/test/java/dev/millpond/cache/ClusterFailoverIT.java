package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.testkit.RedisCluster;
import dev.millpond.testkit.SlotMigration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failover and slots that move in a Redis Cluster. */
@Tag("one-jdk")
class ClusterFailoverIT extends FailoverContract {

    @RegisterExtension
    static final RedisCluster topology = RedisCluster.create();

    private static final List<String> MANY =
            IntStream.range(0, 200).mapToObj(i -> "many-" + i).toList();

    ClusterFailoverIT() {
        super(topology);
    }

    @AfterEach
    void noCommandWentAcrossSlots() {
        topology.heal();
        assertThat(errors()).doesNotContain("CROSSSLOT");
    }

    private static String errors() {
        StringBuilder errors = new StringBuilder();
        topology.nodes().forEach(node -> errors.append(node.command("INFO", "errorstats")));
        return errors.toString();
    }

    private static void resetErrors() {
        topology.nodes().forEach(node -> node.command("CONFIG", "RESETSTAT"));
    }

    @Test
    void slotOfAnEntryHasMoved_entryIsFoundAndInvalidatedWhereItIs() {
        source.put("b", "1");
        one.cache.get("b");
        resetErrors();

        topology.moveSlot(TopologyNode.keyInRedis("b"));

        assertThat(two.cache.lookup("b").source()).isEqualTo(Source.REMOTE);
        assertThat(errors()).contains("errorstat_MOVED");
        source.put("b", "2");
        one.cache.invalidate("b");
        assertThat(one.cache.get("b")).isEqualTo("2");
        two.awaitValue("b", "2");
    }

    @Test
    void slotOfAnEntryMoves_entryIsFoundAndLoadedAndInvalidatedWhereItIs() {
        source.put("b", "1");
        one.cache.get("b");
        resetErrors();
        try (SlotMigration migration = topology.beginSlotMigration(TopologyNode.keyInRedis("b"))) {
            migration.moveKeys();

            assertThat(two.cache.lookup("b").source()).isEqualTo(Source.REMOTE);
            assertThat(errors()).contains("errorstat_ASK");
            source.put("b", "2");
            one.cache.invalidate("b");
            assertThat(one.cache.lookup("b").source()).isEqualTo(Source.LOADER);
            two.awaitValue("b", "2");
            assertThat(migration.target().command("CLUSTER", "COUNTKEYSINSLOT", "" + slotOfB()))
                    .isEqualTo(1L);
        }
        assertThat(one.cache.get("b")).isEqualTo("2");
    }

    private static int slotOfB() {
        return topology.slotOf(TopologyNode.keyInRedis("b"));
    }

    @Test
    void getAll_someSlotsMoveOrHaveMoved_answersForAll() {
        assertThat(one.bulk.getAll(MANY)).hasSize(200);
        topology.moveSlot("test:bulk:many-0");
        try (SlotMigration migration = topology.beginSlotMigration("test:bulk:many-1")) {
            migration.moveKeys();

            assertThat(two.bulk.getAll(MANY)).hasSize(200).containsEntry("many-1", "MANY-1");
            two.bulk.invalidateAll();
            assertThat(two.bulk.getAll(MANY)).hasSize(200).containsEntry("many-0", "MANY-0");
        }
        assertThat(one.bulk.getAll(MANY)).hasSize(200);
    }

    @Test
    void slotOfTheLogMoves_readsAndInvalidationsGoOn() {
        try (Readers readers = new Readers();
                SlotMigration migration = topology.beginSlotMigration(TopologyNode.LOG)) {
            readers.read(one.cache);
            readers.read(two.cache);
            resetErrors();
            // The table has moved, the stream has not: no script that needs both can run.
            migration.moveKey(TopologyNode.LOG);
            source.put("a", "2");
            one.cache.invalidate("a");

            assertThat(one.cache.get("a")).isEqualTo("2");
            assertThat(errors()).contains("errorstat_TRYAGAIN");
            migration.end();
            two.awaitValue("a", "2");
            awaitCaching();
            assertThat(errors()).contains("errorstat_ASK").contains("errorstat_MOVED");
        }
    }
}
