package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheStatsTest {

    private static CacheStats stats(long localHits, long remoteHits, long misses) {
        return new CacheStats(
                localHits, remoteHits, misses, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 4, 0", "1, 0, 3, 0.25", "1, 1, 2, 0.5", "3, 1, 0, 1", "0, 3, 1, 0.75"})
    void hitRate_someRequests_isTheirPartAnsweredByEitherLevel(long local, long remote, long misses, double rate) {
        assertThat(stats(local, remote, misses).requests()).isEqualTo(4);
        assertThat(stats(local, remote, misses).hitRate()).isEqualTo(rate);
    }

    @Test
    void hitRate_noRequests_isOne() {
        assertThat(stats(0, 0, 0).hitRate()).isEqualTo(1);
    }
}
