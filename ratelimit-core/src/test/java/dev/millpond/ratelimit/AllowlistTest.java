package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowlistTest {

    private final Allowlist list = Allowlist.of("internal-monitor", "10.0.0.0/8", " 2001:db8::/32 ", "192.0.2.7");

    @Test
    void contains_listedKey_isTrueFromAnywhere() {
        assertThat(list.contains(Client.ofKey("internal-monitor"))).isTrue();
        assertThat(list.contains(Client.of("internal-monitor", "203.0.113.9"))).isTrue();
    }

    @Test
    void contains_addressInListedNetwork_isTrueWithAnyKey() {
        assertThat(list.contains(Client.ofAddress("10.200.0.1"))).isTrue();
        assertThat(list.contains(Client.of("whatever", "::ffff:10.200.0.1"))).isTrue();
        assertThat(list.contains(Client.ofAddress("2001:db8:5::1"))).isTrue();
        assertThat(list.contains(Client.ofAddress("192.0.2.7"))).isTrue();
    }

    @Test
    void contains_anybodyElse_isFalse() {
        assertThat(list.contains(Client.ofKey("Internal-Monitor"))).isFalse();
        assertThat(list.contains(Client.ofAddress("internal-monitor"))).isFalse();
        assertThat(list.contains(Client.ofKey("10.0.0.1"))).isFalse();
        assertThat(list.contains(Client.ofAddress("192.0.2.8"))).isFalse();
        assertThat(Allowlist.none().contains(Client.ofKey("internal-monitor"))).isFalse();
    }

    @Test
    void or_otherList_containsBoth() {
        Allowlist both = list.or(Allowlist.of("batch-job"));

        assertThat(both.contains(Client.ofKey("batch-job"))).isTrue();
        assertThat(both.contains(Client.ofKey("internal-monitor"))).isTrue();
        assertThat(both.contains(Client.ofKey("other"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0/8", "10/8", "300.1.1.1", "10.0.0.0/33", "10.0.0.0/x", "fe80:::/10", "10.1.0.0/8"})
    void of_mistypedNetwork_isRefusedRatherThanTakenForAKey(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allowlist.of(entry))
                .withMessageStartingWith("Network '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9/Zq3+A==", "dead.beef", "sk:live:42", "a/b", "v1.2"})
    void of_keyWithPunctuation_isTakenAsItIs(String key) {
        assertThat(Allowlist.of(key).contains(Client.ofKey(key))).isTrue();
    }

    @Test
    void of_blankEntry_namesItsPlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allowlist.of("internal-monitor", " "))
                .withMessage(
                        "Allowlist entry 2 is blank. Give an API key or a network such as 10.0.0.0/8, or remove the"
                                + " entry.");
    }

    @Test
    void toString_withKeys_hidesThem() {
        assertThat(Allowlist.of("internal-monitor", "10.0.0.0/8"))
                .hasToString("Allowlist[1 keys, networks=[10.0.0.0/8]]");
    }
}
