package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientTest {

    @Test
    void toString_withKey_hidesIt() {
        assertThat(Client.of("key-42", "192.0.2.1")).hasToString("Client[key=redacted, address=192.0.2.1]");
        assertThat(Client.ofAddress("192.0.2.1")).hasToString("Client[address=192.0.2.1]");
    }

    @Test
    void equals_sameKeyAndAddress_isTrue() {
        assertThat(Client.ofKey("a")).isEqualTo(Client.ofKey("a")).hasSameHashCodeAs(Client.ofKey("a"));
        assertThat(Client.ofKey("a")).isNotEqualTo(Client.ofKey("b")).isNotEqualTo(Client.of("a", "192.0.2.1"));
    }
}
