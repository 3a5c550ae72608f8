package dev.millpond.ratelimit.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "' 192.0.2.1 ', 192.0.2.1",
        "192.0.2.1:8080, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:201, 192.0.2.1",
        "[::ffff:192.0.2.1]:443, 192.0.2.1",
        "2001:db8::1, 2001:db8:0:0::/64",
        "2001:DB8:0:0:ffff::2, 2001:db8:0:0::/64",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "[2001:db8:1:2::7]:443, 2001:db8:1:2::/64",
        "[2001:db8:1:2::7], 2001:db8:1:2::/64",
        "fe80::1%eth0, fe80:0:0:0::/64",
        "::, 0:0:0:0::/64",
        "::1, 0:0:0:0::/64",
        "1::, 1:0:0:0::/64",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0::/64",
    })
    void groupOf_address_isTheAddressOrItsNetwork(String text, String group) {
        assertThat(IpAddress.groupOf(text)).isEqualTo(group);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "",
                "localhost",
                "256.0.0.1",
                "1.2.3",
                "1.2.3.4.5",
                "010.0.0.1",
                "1.2.3.",
                "1.2.3.+4",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                ":::",
                ":1",
                "1:",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7::8",
                "1.2.3.4::",
                "::1.2.3",
                "1.2.3.4:",
                "[1::",
                "0x7f.0.0.1",
            })
    void parse_noAddress_isEmpty(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
        assertThat(IpAddress.groupOf(text)).isEqualTo(text);
    }

    @Test
    void parse_veryLongText_isEmptyAtOnce() {
        assertThat(IpAddress.parse("1:".repeat(100_000))).isEmpty();
    }

    @Test
    void groupOf_otherText_isInLowerCase() {
        assertThat(IpAddress.groupOf(" Unknown ")).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                " 192.0.2.1 ",
                "192.0.2.1:80",
                "192.0.2.1%eth0",
                "[192.0.2.1]",
                "[192.0.2.1]:80",
                "::ffff:192.0.2.1",
                "::ffff:c000:201"
            })
    void toString_ofIpv4_isTheAddressAlone(String text) {
        assertThat(IpAddress.parse(text))
                .hasValueSatisfying(address -> assertThat(address).hasToString("192.0.2.1"));
    }

    @Test
    void equals_otherSpellingOfTheSameAddress_isTrue() {
        IpAddress address = IpAddress.parse("2001:db8::1").orElseThrow();

        assertThat(address)
                .isEqualTo(IpAddress.parse("2001:0DB8:0:0::0.0.0.1").orElseThrow())
                .hasSameHashCodeAs(IpAddress.parse("2001:db8:0:0:0:0:0:1").orElseThrow())
                .isNotEqualTo(IpAddress.parse("2001:db8::2").orElseThrow())
                .hasToString("2001:db8:0:0:0:0:0:1");
    }
}
