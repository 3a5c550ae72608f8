package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code replace-header.lua} does beside what the contract of stores says: what becomes of the time to live. */
class ReplaceHeaderScriptIT extends ScriptTests {

    private static final String HEADER = "Vnode0001attempt2 head";

    private static Object run(String expected, String header) {
        return String.valueOf(onEntry(Scripts.REPLACE_HEADER, expected, header, "90000"));
    }

    @Test
    void run_asExpected_changesTheHeaderAndBeginsTheTimeToLiveAnew() {
        command("SET", KEY, "Rnode0001attempt1 HEAD and the rest", "PX", "5000");

        assertThat(run("Rnode0001attempt1", HEADER)).isEqualTo("1");

        assertThat(stored()).isEqualTo(HEADER + " and the rest");
        assertThat(millisLeft()).isBetween(80_000L, 90_000L);
    }

    @Test
    void run_noTimeToLive_getsOne() {
        command("SET", KEY, "Rnode0001attempt1 HEAD and the rest");

        assertThat(run("Rnode0001attempt1", HEADER)).isEqualTo("1");

        assertThat(millisLeft()).isBetween(80_000L, 90_000L);
    }

    @Test
    void run_changedAlready_isAnsweredAsChangedAndKeepsTheTimeToLive() {
        command("SET", KEY, HEADER + " and the rest", "PX", "5000");

        assertThat(run("Rnode0001attempt1", HEADER)).isEqualTo("1");

        assertThat(stored()).isEqualTo(HEADER + " and the rest");
        assertThat(millisLeft()).isBetween(1L, 5_000L);
    }

    @Test
    void run_otherBeginning_changesNothing() {
        store("Vnode0002attempt9 HEAD and the rest");

        assertThat(run("Rnode0001attempt1", HEADER)).isEqualTo("0");

        assertThat(stored()).isEqualTo("Vnode0002attempt9 HEAD and the rest");
        assertThat(millisLeft()).isBetween(1L, 60_000L);
    }

    @Test
    void run_leaseWithThatBeginning_stays() {
        store(WAITED_FOR);

        assertThat(run(LEASE, HEADER)).isEqualTo("0");

        assertThat(stored()).isEqualTo(WAITED_FOR);
    }

    @Test
    void run_nothingStored_createsNothing() {
        assertThat(run("Rnode0001attempt1", HEADER)).isEqualTo("0");

        assertThat(command("DBSIZE")).isEqualTo(0L);
    }

    @Test
    void run_list_staysOne() {
        command("RPUSH", KEY, "element");

        assertThat(run("Rnode0001attempt1", HEADER)).isEqualTo("0");

        assertThat(command("TYPE", KEY)).isEqualTo("list");
    }
}
