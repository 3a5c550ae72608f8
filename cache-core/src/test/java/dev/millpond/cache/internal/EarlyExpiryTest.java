package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyExpiryTest {

    private static final long LOAD_NANOS = 1_000_000;

    private final AtomicInteger draws = new AtomicInteger();

    private EarlyExpiry drawing(double beta, double number) {
        EarlyExpiry early = new EarlyExpiry(beta, () -> {
            draws.incrementAndGet();
            return number;
        });
        early.loaded(LOAD_NANOS);
        return early;
    }

    /** The number drawn is one minus that of the formula, so that its logarithm is defined. */
    @ParameterizedTest
    @CsvSource({"1, 0.5, 693147", "2, 0.5, 1386294", "1, 0.9, 2302585", "0.5, 0.9, 1151292"})
    void isDue_numberDrawn_isSoUpToTheTimeOfTheFormula(double beta, double number, long nanos) {
        assertThat(drawing(beta, number).isDue(nanos)).isTrue();
        assertThat(drawing(beta, number).isDue(nanos + 2)).isFalse();
    }

    @Test
    void isDue_betaIsZero_isNeverSoAndDrawsNothing() {
        EarlyExpiry early = drawing(0, 0.999_999);

        assertThat(early.isDue(1)).isFalse();
        assertThat(early.isNear(1)).isFalse();
        assertThat(early.isDue(-1)).isFalse();
        assertThat(early.isNear(-1)).isFalse();
        assertThat(draws).hasValue(0);
    }

    @Test
    void isDue_nothingLoadedYet_isNeverSo() {
        assertThat(new EarlyExpiry(1, () -> 0.999_999).isDue(1)).isFalse();
    }

    @Test
    void isDue_furtherThanTwentyLoadTimes_drawsNothing() {
        EarlyExpiry early = drawing(1, 0.5);

        assertThat(early.isDue(20 * LOAD_NANOS)).isFalse();
        assertThat(draws).hasValue(0);
        assertThat(early.isDue(20 * LOAD_NANOS - 1)).isFalse();
        assertThat(draws).hasValue(1);
    }

    @Test
    void loaded_severalTimes_isAMovingAverage() {
        EarlyExpiry early = drawing(1, 0.5);

        early.loaded(9 * LOAD_NANOS);

        assertThat(early.isNear(40 * LOAD_NANOS - 1)).isTrue();
        assertThat(early.isNear(40 * LOAD_NANOS)).isFalse();
    }

    /** Vattani and others, VLDB 2015: how many load together if each read decides for itself. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2})
    void isDue_manyReads_asManyLoadTogetherAsExpected(double beta) {
        SplittableRandom random = new SplittableRandom(42);
        EarlyExpiry early = new EarlyExpiry(beta, random::nextDouble);
        early.loaded(LOAD_NANOS);
        int rounds = 1_000;
        long together = 0;
        for (int i = 0; i < rounds; i++) {
            together += loadsTogether(early, random);
        }

        assertThat((double) together / rounds).isCloseTo(Math.exp(1 / beta), Percentage.withPercentage(7));
    }

    /** Counts the loads from the first one to its end, with about 200 reads per load time. */
    private static int loadsTogether(EarlyExpiry early, SplittableRandom random) {
        long left = 20 * LOAD_NANOS;
        long firstEndsAt = Long.MIN_VALUE;
        int loads = 0;
        while (left > 0 && left > firstEndsAt) {
            if (early.isDue(left)) {
                loads++;
                firstEndsAt = firstEndsAt == Long.MIN_VALUE ? left - LOAD_NANOS : firstEndsAt;
            }
            left -= (long) (-Math.log(1 - random.nextDouble()) * LOAD_NANOS / 200);
        }
        return loads;
    }

    @Test
    void isDue_readAllTheTime_isBeforeTheEndNearlyAlways() {
        SplittableRandom random = new SplittableRandom(42);
        EarlyExpiry early = new EarlyExpiry(1, random::nextDouble);
        early.loaded(LOAD_NANOS);
        int expired = 0;
        for (int i = 0; i < 500; i++) {
            expired += loadsTogether(early, random) == 0 ? 1 : 0;
        }

        assertThat(expired).isCloseTo(0, within(2));
    }
}
