package dev.millpond.servlet.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.servlet.CapturedLog;
import dev.millpond.servlet.FakeRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

    private final ClientAddress behindProxies = new ClientAddress(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.7"));

    private static FakeRequest from(String peer) {
        return new FakeRequest().from(peer);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "::ffff:203.0.113.9, 203.0.113.9",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
        "some-socket, some-socket"
    })
    void of_directConnection_isThePeer(String peer, String expected) {
        assertThat(new ClientAddress(List.of()).of(from(peer))).isEqualTo(expected);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    void of_connectionWithoutAddress_isUnknown(String peer) {
        assertThat(behindProxies.of(new FakeRequest().from(peer))).isEqualTo("unknown");
    }

    @Test
    void of_untrustedPeer_isThePeerWhateverItForwards() {
        FakeRequest request = from("203.0.113.9").field("X-Forwarded-For", "198.51.100.1");

        assertThat(behindProxies.of(request)).isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.1                          | 198.51.100.1",
                "198.51.100.1:4711                     | 198.51.100.1",
                "[2001:db8::1]:4711                    | 2001:db8:0:0:0:0:0:1",
                "2001:db8::1                           | 2001:db8:0:0:0:0:0:1",
                "::ffff:198.51.100.1                   | 198.51.100.1",
                "1.1.1.1, 198.51.100.1                 | 198.51.100.1",
                "10.9.9.9, 198.51.100.1                | 198.51.100.1",
                "198.51.100.1, 10.0.0.3, 192.0.2.7     | 198.51.100.1",
                "198.51.100.1, fd12::5, 10.0.0.3       | 198.51.100.1",
                "10.0.0.4, 10.0.0.3                    | 10.0.0.4",
                "unknown                               | 10.0.0.2",
                "198.51.100.1, unknown                 | 10.0.0.2",
                "198.51.100.1, unknown, 10.0.0.3       | 10.0.0.3",
                "198.51.100.1, localhost               | 10.0.0.2",
                "198.51.100.1,                         | 10.0.0.2",
                "010.0.0.1                             | 10.0.0.2",
                "1.2.3.4.5                             | 10.0.0.2",
                "256.1.1.1                             | 10.0.0.2",
                "[2001:db8::1                          | 10.0.0.2",
                "2001:db8::1::2                        | 10.0.0.2",
                "abcd                                  | 10.0.0.2",
                "198.51.100.1\", 198.51.100.2          | 198.51.100.2"
            })
    void of_xForwardedFor_isTheFirstUntrustedHopFromTheRight(String field, String expected) {
        assertThat(behindProxies.of(from("10.0.0.2").field("X-Forwarded-For", field)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "for=198.51.100.1                                     | 198.51.100.1",
                "For=198.51.100.1;proto=https;by=10.0.0.2             | 198.51.100.1",
                "proto=https; for=198.51.100.1                        | 198.51.100.1",
                "for=\"[2001:db8::1]:4711\"                           | 2001:db8:0:0:0:0:0:1",
                "for=\"198.51.100.1:4711\"                            | 198.51.100.1",
                "for=1.1.1.1, for=198.51.100.1, for=10.0.0.3          | 198.51.100.1",
                "for=_hidden                                          | 10.0.0.2",
                "for=198.51.100.1, for=unknown                        | 10.0.0.2",
                "proto=https                                          | 10.0.0.2",
                "for=198.51.100.1;host=\"a,for=9.9.9.9\"              | 198.51.100.1",
                "host=\"a;for=9.9.9.9\";for=198.51.100.1              | 198.51.100.1",
                "host=\"a\\\";for=9.9.9.9;b=\\\"\";for=198.51.100.1   | 198.51.100.1",
                "by=\", for=198.51.100.1                              | 10.0.0.2",
                "by=\"\\\", for=\"198.51.100.1\"                      | 10.0.0.2"
            })
    void of_forwarded_isTheFirstUntrustedHopFromTheRight(String field, String expected) {
        assertThat(behindProxies.of(from("10.0.0.2").field("Forwarded", field))).isEqualTo(expected);
    }

    @Test
    void of_severalLines_areReadAsOneList() {
        FakeRequest request =
                from("10.0.0.2").field("X-Forwarded-For", "1.1.1.1").field("X-Forwarded-For", "198.51.100.1, 10.0.0.3");

        assertThat(behindProxies.of(request)).isEqualTo("198.51.100.1");
    }

    @Test
    void of_trustedPeerThatForwardsNothing_isThePeer() {
        assertThat(behindProxies.of(from("10.0.0.2"))).isEqualTo("10.0.0.2");
    }

    @Test
    void of_bothFieldsAgree_isTheClient() {
        FakeRequest request =
                from("10.0.0.2").field("X-Forwarded-For", "198.51.100.1").field("Forwarded", "for=198.51.100.1");

        assertThat(behindProxies.of(request)).isEqualTo("198.51.100.1");
    }

    @Test
    void of_fieldsContradictEachOther_believesNeitherAndWarnsOnce() {
        FakeRequest request =
                from("10.0.0.2").field("X-Forwarded-For", "198.51.100.1").field("Forwarded", "for=1.1.1.1");
        try (CapturedLog log = new CapturedLog(ClientAddress.class)) {
            assertThat(behindProxies.of(request)).isEqualTo("10.0.0.2");
            assertThat(behindProxies.of(request)).isEqualTo("10.0.0.2");

            assertThat(log.messages())
                    .containsExactly("A request's X-Forwarded-For and Forwarded fields name different clients;"
                            + " it is counted by the address of its proxy. Let the proxy remove the field that it"
                            + " does not write itself. Further such requests are not logged.");
        }
    }

    @Test
    void of_forwardedByAnUnknownProxy_warnsOnce() {
        ClientAddress direct = new ClientAddress(List.of());
        FakeRequest request = from("10.0.0.2").field("Forwarded", "for=198.51.100.1");
        try (CapturedLog log = new CapturedLog(ClientAddress.class)) {
            assertThat(direct.of(request)).isEqualTo("10.0.0.2");
            assertThat(direct.of(from("10.0.0.2").field("X-Forwarded-For", "198.51.100.1")))
                    .isEqualTo("10.0.0.2");

            assertThat(log.messages())
                    .containsExactly(
                            "A request carries X-Forwarded-For or Forwarded but comes from no trusted proxy;"
                                    + " it is counted by the address that connected. If that is a proxy of yours, name it in"
                                    + " trustedProxies, in Spring Boot 'millpond.rate-limit.trusted-proxies'. Further such requests are not logged.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "192.0.2.1/32, 192.0.2.2, false"
    })
    void trustedNetwork_containsItsPrefix(String network, String peer, boolean trusted) {
        FakeRequest request = from(peer).field("X-Forwarded-For", "198.51.100.77");

        assertThat(new ClientAddress(List.of(network)).of(request).equals("198.51.100.77"))
                .isEqualTo(trusted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "fd00:0:0:0:0:0:0:0/129",
                "10.0.0/8",
                "",
                "10.0.0.0/x"
            })
    void trustedNetwork_malformed_isRefused(String network) {
        assertThatThrownBy(() -> new ClientAddress(List.of(network)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "A trusted proxy of the rate-limit filter is not valid. Network '" + network + "' ")
                .hasMessageEndingWith(" Use a network such as 10.0.0.0/8 or 2001:db8::/32.");
    }
}
