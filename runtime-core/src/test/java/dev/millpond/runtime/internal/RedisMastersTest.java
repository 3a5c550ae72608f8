package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RedisMastersTest {

    @Test
    void of_clientThatIsNotRedissonItself_areNotKnown() {
        assertThat(RedisMasters.of(Clients.untouchable())).isNull();
    }
}
