package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code get-or-lease.lua} does beside what the contract of stores says. */
class GetOrLeaseScriptIT extends ScriptTests {

    private static Object run(String lease) {
        return String.valueOf(onEntry(Scripts.GET_OR_LEASE, lease, "5000"));
    }

    @Test
    void run_nothingStored_storesTheLeaseUnmarkedForItsTime() {
        assertThat(onEntry(Scripts.GET_OR_LEASE, LEASE, "5000")).isNull();

        assertThat(stored()).isEqualTo(LEASE);
        assertThat(millisLeft()).isBetween(1L, 5_000L);
    }

    @Test
    void run_firstToWait_readsTheLeaseAsItWasAndMarksIt() {
        store(LEASE);

        assertThat(run("another")).isEqualTo(LEASE);

        assertThat(stored()).isEqualTo(WAITED_FOR);
    }

    @Test
    void run_nextToWait_readsTheMarkAndAddsNone() {
        store(WAITED_FOR);

        assertThat(run("another")).isEqualTo(WAITED_FOR);

        assertThat(stored()).isEqualTo(WAITED_FOR);
    }

    @Test
    void run_theSameLeaseStored_isAnsweredAsStoredAndNotMarked() {
        store(LEASE);

        assertThat(onEntry(Scripts.GET_OR_LEASE, LEASE, "5000")).isNull();

        assertThat(stored()).isEqualTo(LEASE);
    }

    @Test
    void run_theSameLeaseWaitedFor_isAnsweredAsStoredAndStaysMarked() {
        store(WAITED_FOR);

        assertThat(onEntry(Scripts.GET_OR_LEASE, LEASE, "5000")).isNull();

        assertThat(stored()).isEqualTo(WAITED_FOR);
        assertThat(millisLeft()).isGreaterThan(5_000);
    }

    @Test
    void run_valueAsLongAsALease_staysAsItIs() {
        String value = LEASE.replace('L', 'V');
        store(value);

        assertThat(run("another")).isEqualTo(value);

        assertThat(stored()).isEqualTo(value);
    }

    @Test
    void run_foreignStringThatBeginsLikeALease_staysAsItIs() {
        store("Long text of another program");

        run("another");

        assertThat(stored()).isEqualTo("Long text of another program");
    }

    @Test
    void run_emptyStringStored_isAnsweredAndNotLeased() {
        store("");

        assertThat(onEntry(Scripts.GET_OR_LEASE, LEASE, "5000")).isEqualTo("");

        assertThat(stored()).isEqualTo("");
    }
}
