package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every branch of {@code invalidate.lua}. */
class InvalidateScriptIT extends ScriptTests {

    private static final int MOST_RECORDS = 20_000;
    private static final int MOST_NAMES = 40_000;

    private static @Nullable Object run(String candidate, String epoch, long applied, String... names) {
        return run("PUBLISH", candidate, MOST_RECORDS, MOST_NAMES, epoch, applied, names);
    }

    private static @Nullable Object run(
            String publish,
            String candidate,
            int mostRecords,
            int mostNames,
            String epoch,
            long applied,
            String... names) {
        return eval(
                Scripts.INVALIDATE,
                List.of(LOG.table(), LOG.log()),
                candidate,
                "" + mostRecords,
                "" + mostNames,
                LOG.channel(),
                publish,
                String.join("\n", names),
                "" + names.length,
                epoch,
                "" + applied);
    }

    private static @Nullable Object invalidate(String... names) {
        return run("e1", "none", 0, names);
    }

    private static void invalidateBounded(int mostRecords, int mostNames, String... names) {
        run("PUBLISH", "e1", mostRecords, mostNames, "none", 0, names);
    }

    private static String[] names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k:" + i).toArray(String[]::new);
    }

    private static @Nullable Object field(String name) {
        return command("HGET", LOG.table(), name);
    }

    private static long length() {
        return Long.parseLong(String.valueOf(command("XLEN", LOG.log())));
    }

    /** Returns how many names the table says that the log has. */
    private static long names() {
        return Long.parseLong(String.valueOf(field("@n")));
    }

    /** Returns the number of the oldest record. */
    private static long oldest() {
        String record = String.valueOf(command("XRANGE", LOG.log(), "-", "+", "COUNT", "1"));
        return Long.parseLong(record.substring(2, record.indexOf('-')));
    }

    @Test
    void run_noLog_beginsTheEpoch() {
        assertThat(invalidate("k:a", "k:b")).isEqualTo("e1|1");

        assertThat(field("@e")).isEqualTo("e1");
        assertThat(field("@s")).isEqualTo("1");
        assertThat(field("@f")).isEqualTo("0");
        assertThat(names()).isEqualTo(2);
        assertThat(command("XRANGE", LOG.log(), "-", "+"))
                .isEqualTo(List.of(List.of("1-0", List.of("t", "k:a\nk:b", "n", "2"))));
    }

    @Test
    void run_anyNames_areNotInTheTable() {
        invalidate("k:a", "k:b");
        invalidate("k:c");

        assertThat(command("HLEN", LOG.table())).isEqualTo(4L);
        assertThat(names()).isEqualTo(3);
    }

    @Test
    void run_logWithoutItsTable_forgetsTheOldRecords() {
        invalidate("k:a");
        command("DEL", LOG.table());

        assertThat(run("e2", "e1", 1, "k:b")).isEqualTo("e2|1");

        assertThat(length()).isEqualTo(1L);
        assertThat(names()).isEqualTo(1);
    }

    @Test
    void run_logThere_goesOnInItsEpoch() {
        invalidate("k:a");

        assertThat(run("e2", "e1", 1, "k:b")).isEqualTo("e1|2");
        assertThat(run("e3", "e0", 99, "k:a")).isEqualTo("e1|3");

        assertThat(field("@f")).isEqualTo("0");
        assertThat(length()).isEqualTo(3L);
    }

    @Test
    void run_logKnowsLessThanTheNode_beginsANewEpoch() {
        invalidate("k:a");
        invalidate("k:b");
        command("HSET", LOG.table(), "@r", "server");

        assertThat(run("e2", "e1", 3, "k:c")).isEqualTo("e2|1");

        assertThat(names()).isEqualTo(1);
        assertThat(field("@r")).isNull();
        assertThat(length()).isEqualTo(1L);
    }

    @Test
    void run_moreRecordsThanThereMayBe_forgetsTheOldest() {
        for (String name : List.of("k:a", "k:b", "k:c", "k:a")) {
            invalidateBounded(3, MOST_NAMES, name, "c:cache");
        }

        assertThat(length()).isEqualTo(2L);
        assertThat(field("@f")).isEqualTo("2");
        assertThat(names()).isEqualTo(4);
        assertThat(field("@s")).isEqualTo("4");
    }

    @Test
    void run_moreNamesThanThereMayBe_forgetsTheOldestRecords() {
        invalidate(names(500));
        invalidate(names(300));
        invalidate(names(100));

        invalidateBounded(MOST_RECORDS, 1_000, names(200));

        assertThat(length()).isEqualTo(3L);
        assertThat(field("@f")).isEqualTo("1");
        assertThat(names()).isEqualTo(600);
    }

    /** Each of the records has one name, so it takes as many of them as there are new names. */
    @Test
    void run_manyNamesOntoRecordsOfOne_makesRoomForThemAtOnce() {
        for (int i = 0; i < 1_000; i++) {
            invalidateBounded(MOST_RECORDS, 1_000, "t:" + i);
        }

        invalidateBounded(MOST_RECORDS, 1_000, names(500));

        assertThat(names()).isBetween(990L, 1_000L);
        assertThat(length()).isEqualTo(names() - 499);
        assertThat(oldest()).isEqualTo(Long.parseLong(String.valueOf(field("@f"))) + 1);
    }

    @Test
    void run_oneRecordWithMoreNamesThanThereMayBe_keepsIt() {
        invalidate("k:a");

        invalidateBounded(MOST_RECORDS, 10, names(20));
        invalidateBounded(MOST_RECORDS, 10, names(20));

        assertThat(length()).isEqualTo(1L);
        assertThat(field("@f")).isEqualTo("2");
        assertThat(names()).isEqualTo(20);
    }

    @Test
    void run_manyTimes_keepsTableAndLogBounded() {
        for (int i = 0; i < 200; i++) {
            invalidateBounded(10, MOST_NAMES, "k:" + i, "t:" + i);
        }

        assertThat(length()).isBetween(9L, 10L);
        assertThat(command("HLEN", LOG.table())).isEqualTo(4L);
        assertThat(names()).isEqualTo(2 * length());
        assertThat(field("@s")).isEqualTo("200");
        assertThat(oldest()).isEqualTo(Long.parseLong(String.valueOf(field("@f"))) + 1);
    }

    /** As after an upgrade that lowers a bound: the log gets shorter with each invalidation, and none takes long. */
    @Test
    void run_logIsMuchTooLong_isShortenedBitByBit() {
        for (int i = 0; i < 3_000; i++) {
            invalidate("k:" + i);
        }

        invalidateBounded(2_000, MOST_NAMES, "k:a");
        assertThat(length()).isEqualTo(2_997L);
        invalidateBounded(2_000, MOST_NAMES, names(500));
        assertThat(length()).isEqualTo(2_495L);
        invalidateBounded(2_000, MOST_NAMES, names(500));
        assertThat(length()).isEqualTo(1_998L);
    }

    /** A node that did not know of the lost ones must be told that something is missing. */
    @Test
    void run_streamLostAlone_raisesTheFloor() {
        for (int i = 0; i < 20; i++) {
            invalidate("k:" + i);
        }
        command("HSET", LOG.table(), "@r", "server");
        command("DEL", LOG.log());

        assertThat(invalidate("k:new", "k:7")).isEqualTo("e1|21");

        assertThat(field("@f")).isEqualTo("20");
        assertThat(names()).isEqualTo(2);
        assertThat(field("@r")).isEqualTo("server");
        assertThat(invalidate("k:next")).isEqualTo("e1|22");
        assertThat(field("@f")).isEqualTo("20");
        assertThat(names()).isEqualTo(3);
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

        assertThat(run("SPUBLISH", "e1", MOST_RECORDS, MOST_NAMES, "none", 0, "k:a"))
                .isEqualTo("e1|1");

        assertThat(String.valueOf(command("INFO", "commandstats")))
                .contains("cmdstat_spublish:calls=1")
                .doesNotContain("cmdstat_publish:");
    }

    @Test
    void invalidate_anotherProgramHasCutTheLog_countsItsNamesAnew() {
        for (int i = 0; i < 10; i++) {
            invalidateBounded(1_000, 100, names(10));
        }
        command("XTRIM", LOG.log(), "MAXLEN", "2");

        for (int i = 0; i < 8; i++) {
            invalidateBounded(1_000, 100, "k:one");
        }

        assertThat(length()).isGreaterThan(5);
        assertThat(Long.parseLong(String.valueOf(field("@n")))).isLessThan(100);
    }

    @Test
    void run_channelNotPermitted_invalidatesAllTheSame() {
        List<String> heard = heardDuring(() -> asUserWith("resetchannels", guard -> {
            LogRecord record = UninterruptedCalls.await(
                    new LogClient(guard, LOG, BUDGET, Ticker.systemTicker()).append(List.of("k:a"), "none", 0));
            assertThat(record.sequence()).isEqualTo(1);
        }));

        assertThat(heard).isEmpty();
        assertThat(field("@s")).isEqualTo("1");
        assertThat(length()).isEqualTo(1L);
    }
}
