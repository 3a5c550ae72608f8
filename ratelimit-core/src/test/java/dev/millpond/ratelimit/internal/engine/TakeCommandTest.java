package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakeCommandTest {

    private static final Shape FREE = Shape.of(Tier.FREE.limits());
    private static final long NOW = Duration.ofDays(20_000).toNanos();

    /** What version 0.1 stores after 7 of 12 tokens were taken; nodes of later versions must read it. */
    private static final String STORED =
            "00000001000000010000000100000001000000000000000c000000000000000c0000000df8475800"
                    + "000000000000000a008000000000000000000000000003000000010000000317fb16d83be0000000"
                    + "000000000000050000000000000000000000010000000000000007";

    private static List<BucketState> take(MutableBucketEntry entry, long now, Long... costs) {
        return new TakeCommand(FREE, List.of(costs), Duration.ofMillis(1))
                .execute(entry, now)
                .getData()
                .answers();
    }

    private static MutableBucketEntry nothing() {
        return new MutableBucketEntry((byte[]) null);
    }

    @Test
    void execute_newBucket_storesTheKnownFormat() {
        MutableBucketEntry entry = nothing();

        take(entry, NOW, 7L);

        assertThat(HexFormat.of().formatHex(entry.getStateBytes(Versions.getLatest())))
                .isEqualTo(STORED);
    }

    @Test
    void execute_knownFormat_isRead() {
        MutableBucketEntry entry = new MutableBucketEntry(HexFormat.of().parseHex(STORED));

        List<BucketState> states = take(entry, NOW + Duration.ofSeconds(6).toNanos(), 1L);

        assertThat(states).extracting(BucketState::remaining).containsExactly(5L);
    }

    @Test
    void execute_severalCosts_areDecidedInOrder() {
        List<BucketState> states = take(nothing(), NOW, 10L, 3L, 0L, 2L, 1L);

        assertThat(states).extracting(BucketState::admitted).containsExactly(true, false, true, true, false);
        assertThat(states).extracting(BucketState::remaining).containsExactly(2L, 2L, 2L, 0L, 0L);
    }

    @Test
    void execute_nothingTaken_leavesTheEntryUnchanged() {
        MutableBucketEntry entry = nothing();

        take(entry, NOW, 0L, 13L);

        assertThat(entry.isStateModified()).isFalse();
    }

    @Test
    void execute_clockBehindTheLastRefill_takesNoTokensBack() {
        MutableBucketEntry entry = nothing();
        take(entry, NOW, 7L);

        assertThat(take(entry, NOW - Duration.ofMinutes(1).toNanos(), 1L))
                .extracting(BucketState::remaining)
                .containsExactly(4L);
        assertThat(take(entry, NOW, 0L)).extracting(BucketState::remaining).containsExactly(4L);
    }
}
