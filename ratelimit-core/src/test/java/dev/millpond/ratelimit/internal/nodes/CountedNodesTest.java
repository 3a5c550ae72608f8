package dev.millpond.ratelimit.internal.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.internal.nodes.CountedNodes.Count;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountedNodesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTicker ticker = new FakeTicker();
    private final CountedNodes counted = new CountedNodes();

    @BeforeEach
    void anyTime() {
        ticker.advance(Duration.ofDays(1));
    }

    private int afterBeat(int nodes, Duration silence) {
        counted.counted(new Count(nodes, silence), ticker.read());
        ticker.advance(SECOND);
        return counted.nodes();
    }

    @Test
    void nodes_nothingCounted_isOne() {
        assertThat(counted.nodes()).isOne();
    }

    @Test
    void counted_healthyRedis_isWhatRedisSays() {
        assertThat(afterBeat(3, Count.FOREVER)).isEqualTo(3);
        assertThat(afterBeat(4, SECOND)).isEqualTo(4);
        assertThat(afterBeat(2, SECOND)).isEqualTo(2);
        assertThat(afterBeat(1, SECOND.multipliedBy(2))).isEqualTo(1);
    }

    /** A flush, or an outage after which this node is the first to be heard again. */
    @ParameterizedTest
    @ValueSource(longs = {2_501, 6_000, Long.MAX_VALUE})
    void counted_redisHadNotHeardOfThisNode_doesNotFallBeforeTheOthersCanBeHeard(long silence) {
        afterBeat(3, SECOND);

        assertThat(afterBeat(1, Duration.ofMillis(silence))).isEqualTo(3);
        assertThat(afterBeat(2, SECOND)).isEqualTo(3);
        assertThat(afterBeat(4, SECOND)).isEqualTo(4);
        assertThat(afterBeat(2, SECOND)).isEqualTo(4);
        assertThat(afterBeat(2, SECOND)).isEqualTo(4);
        assertThat(afterBeat(2, SECOND)).isEqualTo(2);
    }

    @Test
    void counted_redisLosesThisNodeAgainAndAgain_isNeverMoreThanWasCounted() {
        afterBeat(3, SECOND);
        for (int i = 0; i < 20; i++) {
            assertThat(afterBeat(1 + i % 3, Count.FOREVER)).isEqualTo(3);
        }
        for (int i = 0; i < 4; i++) {
            afterBeat(2, SECOND);
        }
        assertThat(afterBeat(2, SECOND)).isEqualTo(2);
    }
}
