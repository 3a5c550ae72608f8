package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.redis.LogClient.Page;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every branch of {@code poll.lua}. */
class PollScriptIT extends ScriptTests {

    private static final int MOST_BYTES = 1_000_000;

    private static @Nullable Object run(String epoch, long applied, String candidate, int most) {
        return run(epoch, applied, candidate, most, MOST_BYTES);
    }

    private static @Nullable Object run(String epoch, long applied, String candidate, int most, int mostBytes) {
        return eval(
                Scripts.POLL,
                List.of(LOG.table(), LOG.log()),
                epoch,
                "" + applied,
                candidate,
                "" + most,
                "" + mostBytes);
    }

    private static @Nullable Object poll(String epoch, long applied) {
        return run(epoch, applied, "e2", 1_000);
    }

    /** Invalidates one name each, in the epoch e1. */
    private static void invalidate(String... names) {
        for (String name : names) {
            eval(
                    Scripts.INVALIDATE,
                    List.of(LOG.table(), LOG.log()),
                    "e1",
                    "20000",
                    "40000",
                    LOG.channel(),
                    "PUBLISH",
                    name,
                    "1",
                    "none",
                    "0");
        }
    }

    private static String runId() {
        Matcher run = Pattern.compile("run_id:(\\w+)").matcher(String.valueOf(command("INFO", "server")));
        assertThat(run.find()).isTrue();
        return run.group(1);
    }

    private static @Nullable Object identity() {
        return command("HGET", LOG.table(), "@r");
    }

    @Test
    void run_noLog_beginsTheEpochOfThisServer() {
        assertThat(poll("none", 0)).isEqualTo(List.of("e2", "0", "0"));

        assertThat(identity()).isEqualTo(runId());
        assertThat(poll("e2", 0)).isEqualTo(List.of("e2", "0", "0"));
    }

    @Test
    void run_logBegunByAnInvalidation_notesThisServer() {
        invalidate("k:a");

        assertThat(poll("e1", 1)).isEqualTo(List.of("e1", "1", "0"));

        assertThat(identity()).isEqualTo(runId());
    }

    @Test
    void run_fieldsOfTheTableAreMissing_answersAllTheSame() {
        invalidate("k:a");
        poll("e1", 1);

        command("HDEL", LOG.table(), "@f");
        assertThat(poll("e1", 1)).isEqualTo(List.of("e1", "1", "0"));

        command("HDEL", LOG.table(), "@s");
        assertThat(poll("e1", 1)).isEqualTo(List.of("e2", "0", "0"));
    }

    @Test
    void run_nodeIsBehind_answersWhatItMisses() {
        invalidate("k:a", "k:b", "k:c");

        assertThat(poll("e1", 1)).isEqualTo(List.of("e1", "3", "0", "2", "k:b", "3", "k:c"));
    }

    @Test
    void run_nodeMissesMoreThanFits_answersTheOldestOfThat() {
        invalidate("k:a", "k:b", "k:c");

        assertThat(run("e1", 0, "e2", 2)).isEqualTo(List.of("e1", "3", "0", "1", "k:a", "2", "k:b"));
    }

    @Test
    void run_nodeMissesMoreBytesThanFit_answersTheOldestOfThat() {
        invalidate("k:1234567", "k:7654321", "k:a");

        assertThat(run("e1", 0, "e2", 1_000, 18))
                .isEqualTo(List.of("e1", "3", "0", "1", "k:1234567", "2", "k:7654321"));
        assertThat(run("e1", 0, "e2", 1_000, 17)).isEqualTo(List.of("e1", "3", "0", "1", "k:1234567"));
    }

    @Test
    void run_oneRecordIsLargerThanAPage_answersThatOne() {
        invalidate("k:1234567", "k:a");

        assertThat(run("e1", 0, "e2", 1_000, 4)).isEqualTo(List.of("e1", "2", "0", "1", "k:1234567"));
        assertThat(run("e1", 1, "e2", 1_000, 4)).isEqualTo(List.of("e1", "2", "0", "2", "k:a"));
    }

    @Test
    void run_nodeMissesManyRecords_answersAllOfThem() {
        invalidate(IntStream.rangeClosed(1, 777).mapToObj(i -> "k:" + i).toArray(String[]::new));

        assertThat(run("e1", 0, "e2", 777))
                .isEqualTo(Stream.concat(
                                Stream.of("e1", "777", "0"),
                                IntStream.rangeClosed(1, 777)
                                        .mapToObj(i -> Stream.of("" + i, "k:" + i))
                                        .flatMap(record -> record))
                        .toList());
        assertThat(run("e1", 0, "e2", 776)).asInstanceOf(LIST).hasSize(3 + 2 * 776);
    }

    @Test
    void run_nodeOfAnotherEpoch_answersAllThereIs() {
        invalidate("k:a", "k:b");

        assertThat(poll("e0", 99)).isEqualTo(List.of("e1", "2", "0", "1", "k:a", "2", "k:b"));
    }

    @Test
    void run_nodeKnowsMoreThanTheLog_beginsANewEpoch() {
        invalidate("k:a");

        assertThat(poll("e1", 2)).isEqualTo(List.of("e2", "0", "0"));

        assertThat(command("HGET", LOG.table(), "@n")).isEqualTo("0");
        assertThat(command("EXISTS", LOG.log())).isEqualTo(0L);
    }

    @Test
    void run_logOfAnotherServer_beginsANewEpoch() {
        invalidate("k:a");
        command("HSET", LOG.table(), "@r", "another");

        assertThat(poll("e1", 1)).isEqualTo(List.of("e2", "0", "0"));

        assertThat(identity()).isEqualTo(runId());
        assertThat(command("EXISTS", LOG.log())).isEqualTo(0L);
    }

    @Test
    void run_streamLost_answersThatSomethingIsMissing() {
        invalidate("k:a", "k:b");
        command("DEL", LOG.log());

        assertThat(poll("e1", 1)).isEqualTo(List.of("e1", "2", "0"));
    }

    @Test
    void run_infoNotPermitted_answersWithoutKnowingTheServer() {
        asUserWith("-info", guard -> {
            LogClient client = new LogClient(guard, LOG, BUDGET, Ticker.systemTicker());
            String epoch = client.poll("none", 0).epoch();
            UninterruptedCalls.await(client.append(List.of("k:a"), epoch, 0));
            Page page = client.poll(epoch, 0);

            assertThat(page.epoch()).isEqualTo(epoch);
            assertThat(page.records()).containsExactly(new LogRecord(epoch, 1, List.of("k:a")));
        });

        assertThat(identity()).isEqualTo("");
    }

    @Test
    void run_infoNotPermitted_noticesARewoundLogByItsNumber() {
        invalidate("k:a");
        asUserWith("-info", guard -> {
            Page page = new LogClient(guard, LOG, BUDGET, Ticker.systemTicker()).poll("e1", 5);

            assertThat(page.epoch()).isNotEqualTo("e1");
            assertThat(page.last()).isZero();
        });
    }

    /** Nobody can tell whether the log was written on this server. */
    @Test
    void run_infoPermittedLater_beginsANewEpochOnce() {
        asUserWith("-info", guard -> new LogClient(guard, LOG, BUDGET, Ticker.systemTicker()).poll("none", 0));

        assertThat(poll("none", 0)).isEqualTo(List.of("e2", "0", "0"));
        assertThat(run("e2", 0, "e3", 1_000)).isEqualTo(List.of("e2", "0", "0"));
    }
}
