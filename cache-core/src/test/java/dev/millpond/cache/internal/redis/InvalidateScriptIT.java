package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every branch of {@code invalidate.lua}. */
class InvalidateScriptIT extends ScriptTests {

    private static final int LONGEST = 20_000;

    private static @Nullable Object run(String candidate, int longest, String epoch, long applied, String... names) {
        return run("PUBLISH", candidate, longest, epoch, applied, names);
    }

    private static @Nullable Object run(
            String publish, String candidate, int longest, String epoch, long applied, String... names) {
        List<String> arguments = new ArrayList<>(List.of(
                candidate, "" + longest, LOG.channel(), publish, String.join("\n", names), epoch, "" + applied));
        arguments.addAll(List.of(names));
        return eval(Scripts.INVALIDATE, List.of(LOG.table(), LOG.log()), arguments.toArray(String[]::new));
    }

    private static @Nullable Object invalidate(String... names) {
        return run("e1", LONGEST, "none", 0, names);
    }

    private static @Nullable Object field(String name) {
        return command("HGET", LOG.table(), name);
    }

    private static @Nullable Object length() {
        return command("XLEN", LOG.log());
    }

    @Test
    void run_noLog_beginsTheEpoch() {
        assertThat(invalidate("k:a", "k:b")).isEqualTo("e1|1");

        assertThat(field("@e")).isEqualTo("e1");
        assertThat(field("@s")).isEqualTo("1");
        assertThat(field("@f")).isEqualTo("0");
        assertThat(field("k:a")).isEqualTo("1");
        assertThat(field("k:b")).isEqualTo("1");
        assertThat(command("XRANGE", LOG.log(), "-", "+")).isEqualTo(List.of(List.of("1-0", List.of("t", "k:a\nk:b"))));
    }

    @Test
    void run_logWithoutItsTable_forgetsTheOldRecords() {
        invalidate("k:a");
        command("DEL", LOG.table());

        assertThat(run("e2", LONGEST, "e1", 1, "k:b")).isEqualTo("e2|1");

        assertThat(length()).isEqualTo(1L);
    }

    @Test
    void run_logThere_goesOnInItsEpoch() {
        invalidate("k:a");

        assertThat(run("e2", LONGEST, "e1", 1, "k:b")).isEqualTo("e1|2");
        assertThat(run("e3", LONGEST, "e0", 99, "k:a")).isEqualTo("e1|3");

        assertThat(field("k:a")).isEqualTo("3");
        assertThat(field("k:b")).isEqualTo("2");
    }

    @Test
    void run_logKnowsLessThanTheNode_beginsANewEpoch() {
        invalidate("k:a");
        invalidate("k:b");

        assertThat(run("e2", LONGEST, "e1", 3, "k:c")).isEqualTo("e2|1");

        assertThat(field("k:a")).isNull();
        assertThat(length()).isEqualTo(1L);
    }

    @Test
    void run_longerThanItMayBe_forgetsTheTwoOldestRecordsWithTheirNames() {
        for (String name : List.of("k:a", "k:b", "k:c", "k:a")) {
            run("e1", 3, "none", 0, name, "c:cache");
        }

        assertThat(length()).isEqualTo(2L);
        assertThat(field("@f")).isEqualTo("2");
        assertThat(field("k:b")).isNull();
        assertThat(field("k:c")).isEqualTo("3");
        assertThat(field("k:a")).as("invalidated again since").isEqualTo("4");
        assertThat(field("c:cache")).isEqualTo("4");
    }

    @Test
    void run_manyTimes_keepsTableAndLogBounded() {
        for (int i = 0; i < 200; i++) {
            run("e1", 10, "none", 0, "k:" + i, "t:" + i);
        }

        assertThat((Long) length()).isBetween(9L, 10L);
        assertThat(command("HLEN", LOG.table())).isEqualTo(3 + 2 * Long.parseLong(String.valueOf(length())));
        assertThat(field("@s")).isEqualTo("200");
    }

    /** No record is left that would take the names of the lost ones out of the table when it is trimmed. */
    @Test
    void run_streamLostAlone_forgetsTheNamesOfItsRecords() {
        for (int i = 0; i < 20; i++) {
            invalidate("k:" + i);
        }
        command("HSET", LOG.table(), "@r", "server");
        command("DEL", LOG.log());

        assertThat(invalidate("k:new", "k:7")).isEqualTo("e1|21");

        assertThat(command("HLEN", LOG.table())).isEqualTo(6L);
        assertThat(field("@f")).isEqualTo("20");
        assertThat(field("@r")).isEqualTo("server");
        assertThat(field("k:new")).isEqualTo("21");
        assertThat(field("k:7")).isEqualTo("21");
        assertThat(invalidate("k:next")).isEqualTo("e1|22");
    }

    @Test
    void run_streamLostBeforeThisServerIsKnown_leavesThatOpen() {
        invalidate("k:a");
        command("DEL", LOG.log());

        assertThat(invalidate("k:b")).isEqualTo("e1|2");

        assertThat(field("@r")).isNull();
        assertThat(field("k:a")).isNull();
    }

    @Test
    void run_always_tellsAllNodes() {
        assertThat(heardDuring(() -> {
                    invalidate("k:a", "t:b");
                    invalidate("k:c");
                }))
                .containsExactly("e1|1|k:a\nt:b", "e1|2|k:c");
    }

    @Test
    void run_sharded_tellsTheNodesOfItsShard() {
        command("CONFIG", "RESETSTAT");

        assertThat(run("SPUBLISH", "e1", LONGEST, "none", 0, "k:a")).isEqualTo("e1|1");

        assertThat(String.valueOf(command("INFO", "commandstats")))
                .contains("cmdstat_spublish:calls=1")
                .doesNotContain("cmdstat_publish:");
    }

    @Test
    void run_channelNotPermitted_invalidatesAllTheSame() {
        List<String> heard = heardDuring(() -> asUserWith("resetchannels", guard -> {
            LogRecord record = new LogClient(guard, LOG, BUDGET).append(List.of("k:a"), "none", 0);
            assertThat(record.sequence()).isEqualTo(1);
        }));

        assertThat(heard).isEmpty();
        assertThat(field("k:a")).isEqualTo("1");
        assertThat(length()).isEqualTo(1L);
    }
}
