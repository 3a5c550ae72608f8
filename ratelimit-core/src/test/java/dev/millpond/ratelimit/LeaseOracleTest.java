package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.LeaseOracle.Answer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeaseOracleTest {

    private static final Tier TIER = Tier.of(
                    "large", RateLimit.perMinute(30_000).withBurst(3_000))
            .withLease(); // 33 000, 500 per second, lent by 330

    private final LeaseOracle oracle = new LeaseOracle(TIER);

    private static Answer at(long millis, long tokens) {
        long nanos = Duration.ofMillis(millis).toNanos();
        return new Answer(nanos, nanos, tokens);
    }

    /** Returns answers one after the other, each a millisecond after the one before. */
    private static List<Answer> eachMillisecond(int from, int to, long tokens) {
        return IntStream.range(from, to).mapToObj(milli -> at(milli, tokens)).toList();
    }

    private static List<Answer> both(List<Answer> first, List<Answer> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    @Test
    void beyond_capacityAtOnceAndThenWhatComes_isNothing() {
        List<Answer> answers = both(List.of(at(0, 33_000)), List.of(at(1_000, 500), at(1_020, 10)));

        assertThat(oracle.beyond(answers)).isNotPositive();
    }

    @Test
    void beyond_leaseUsedTwice_isFound() {
        assertThat(oracle.beyond(List.of(at(0, 33_000), at(1_000, 500), at(1_001, 330))))
                .isBetween(320.0, 330.0);
    }

    @Test
    void beyond_tooMuchInTheMiddle_isFound() {
        List<Answer> answers = List.of(at(0, 10), at(60_000, 33_000), at(60_010, 20), at(600_000, 1));

        assertThat(oracle.beyond(answers)).isPositive();
    }

    @Test
    void missing_machineTooSlowToAskForMore_isNothing() {
        List<Answer> answers = IntStream.range(0, 1_063)
                .mapToObj(i -> at(i * 4_000 / 1_063, 1))
                .toList();

        assertThat(oracle.missing(List.of(answers), 1)).isZero();
    }

    @Test
    void missing_deniedWhenAlmostAllIsTaken_isNothing() {
        List<Answer> answers = both(eachMillisecond(0, 3_430, 10), eachMillisecond(3_430, 3_431, 0));

        assertThat(oracle.missing(List.of(answers), 0)).isNotPositive();
    }

    @Test
    void missing_deniedWhileTheBucketHasTokens_isFound() {
        List<Answer> answers = both(eachMillisecond(0, 1_063, 1), eachMillisecond(1_063, 4_000, 0));

        assertThat(oracle.missing(List.of(answers), 1)).isGreaterThan(30_000);
    }

    @Test
    void missing_nodeStoodStill_isForgivenItsLeaseAndWhatCameMeanwhile() {
        List<Answer> busy = both(eachMillisecond(0, 2_800, 10), eachMillisecond(2_800, 4_000, 0));
        List<Answer> still = both(eachMillisecond(0, 100, 10), eachMillisecond(3_000, 4_000, 0));
        double all = oracle.missing(List.of(busy, eachMillisecond(0, 100, 10)), 0);

        assertThat(all - oracle.missing(List.of(busy, still), 0)).isBetween(330 + 1_450.0, 330 + 1_451.0);
    }
}
