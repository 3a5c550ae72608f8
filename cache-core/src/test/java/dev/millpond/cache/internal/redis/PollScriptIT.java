package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.redis.LogClient.Page;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every branch of {@code poll.lua}. */
class PollScriptIT extends ScriptTests {

    private static @Nullable Object run(String epoch, long applied, String candidate, int most) {
        return eval(Scripts.POLL, List.of(LOG.table(), LOG.log()), epoch, "" + applied, candidate, "" + most);
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
                    LOG.channel(),
                    "PUBLISH",
                    name,
                    "none",
                    "0",
                    name);
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
    void run_nodeOfAnotherEpoch_answersAllThereIs() {
        invalidate("k:a", "k:b");

        assertThat(poll("e0", 99)).isEqualTo(List.of("e1", "2", "0", "1", "k:a", "2", "k:b"));
    }

    @Test
    void run_nodeKnowsMoreThanTheLog_beginsANewEpoch() {
        invalidate("k:a");

        assertThat(poll("e1", 2)).isEqualTo(List.of("e2", "0", "0"));

        assertThat(command("HGET", LOG.table(), "k:a")).isNull();
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
            LogClient client = new LogClient(guard, LOG, BUDGET);
            String epoch = client.poll("none", 0).epoch();
            client.append(List.of("k:a"), epoch, 0);
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
            Page page = new LogClient(guard, LOG, BUDGET).poll("e1", 5);

            assertThat(page.epoch()).isNotEqualTo("e1");
            assertThat(page.last()).isZero();
        });
    }

    /** Nobody can tell whether the log was written on this server. */
    @Test
    void run_infoPermittedLater_beginsANewEpochOnce() {
        asUserWith("-info", guard -> new LogClient(guard, LOG, BUDGET).poll("none", 0));

        assertThat(poll("none", 0)).isEqualTo(List.of("e2", "0", "0"));
        assertThat(run("e2", 0, "e3", 1_000)).isEqualTo(List.of("e2", "0", "0"));
    }
}
