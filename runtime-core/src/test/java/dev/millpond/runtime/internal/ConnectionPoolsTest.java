package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisStats.Pool;
import org.junit.jupiter.api.Test;

final class ConnectionPoolsTest {

    @Test
    void read_clientThatIsWrapped_isUnknown() {
        assertThat(ConnectionPools.read(Clients.untouchable())).isEmpty();
    }

    @Test
    void utilization_ofAPool_isThePartThatIsActive() {
        assertThat(new Pool(4, 2, 0, 16).utilization()).isEqualTo(0.25);
        assertThat(new Pool(16, 0, 3, 16).utilization()).isEqualTo(1);
        assertThat(new Pool(0, 0, 0, 0).utilization()).isZero();
    }
}
