package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code replace-prefix.lua} does beside what the contract of stores says: it keeps the time to live. */
class ReplacePrefixScriptIT extends ScriptTests {

    private static Object run(String expected, String beginning) {
        return String.valueOf(onEntry(Scripts.REPLACE_PREFIX, expected, beginning));
    }

    @Test
    void run_asExpected_changesTheBeginningAndKeepsTheTimeToLive() {
        command("SET", KEY, "old-1 and the rest", "PX", "5000");

        assertThat(run("old-1", "new-1")).isEqualTo("1");

        assertThat(stored()).isEqualTo("new-1 and the rest");
        assertThat(millisLeft()).isBetween(1L, 5_000L);
    }

    @Test
    void run_noTimeToLive_getsNone() {
        command("SET", KEY, "old-1");

        assertThat(run("old-1", "new-1")).isEqualTo("1");

        assertThat(millisLeft()).isEqualTo(-1);
    }

    @Test
    void run_storedStringIsTheExpectedBeginningOnly_isReplaced() {
        store("old-1");

        assertThat(run("old-1", "new-1")).isEqualTo("1");

        assertThat(stored()).isEqualTo("new-1");
    }

    @Test
    void run_changedAlready_isAnsweredAsChanged() {
        store("new-1 and the rest");

        assertThat(run("old-1", "new-1")).isEqualTo("1");

        assertThat(stored()).isEqualTo("new-1 and the rest");
    }

    @Test
    void run_otherBeginningOrShorter_changesNothing() {
        store("old");

        assertThat(run("old-1", "new-1")).isEqualTo("0");

        assertThat(stored()).isEqualTo("old");
    }

    @Test
    void run_nothingStored_createsNothing() {
        assertThat(run("old-1", "new-1")).isEqualTo("0");

        assertThat(command("DBSIZE")).isEqualTo(0L);
    }
}
