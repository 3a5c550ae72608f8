package dev.millpond.ratelimit.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.129, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/33, 2001:db8:ffff::1, false",
        "2001:db8::1/128, 2001:db8::1, true",
    })
    void contains_address_followsThePrefix(String network, String address, boolean contained) {
        assertThat(Network.parse(network).contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.0.0/8       | Network '10.0.0/8' has no IP address.
                    example.org/8  | Network 'example.org/8' has no IP address.
                    10.0.0.0/      | Network '10.0.0.0/' has no number behind the slash.
                    10.0.0.0/-1    | Network '10.0.0.0/-1' has no number behind the slash.
                    10.0.0.0/33    | Network '10.0.0.0/33' has a prefix of 33 bits, must be 0 to 32.
                    2001:db8::/129 | Network '2001:db8:0:0:0:0:0:0/129' has a prefix of 129 bits, must be 0 to 128.
                    """)
    void parse_badNetwork_saysWhatIsWrongAndWhatToUse(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Network.parse(text))
                .withMessage(message + " Use a network such as 10.0.0.0/8 or 2001:db8::/32.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.1.2.3/8 | Use 10.0.0.0/8, or 10.1.2.3/32 for this address alone.
                    2001:db8::1/32 | Use 2001:db8:0:0:0:0:0:0/32, or 2001:db8:0:0:0:0:0:1/128 for this address alone.
                    """)
    void parse_addressInsideTheNetwork_offersBothMeanings(String text, String fix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Network.parse(text))
                .withMessageContaining("does not begin with its first address. " + fix);
    }
}
