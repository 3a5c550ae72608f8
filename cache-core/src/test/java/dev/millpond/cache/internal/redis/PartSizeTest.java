package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartSizeTest {

    private static final int LARGE = 200 << 10;

    private static List<byte @Nullable []> values(int count, int bytes) {
        return Collections.nCopies(count, new byte[bytes]);
    }

    private static PartSize afterMany(PartSize size, List<byte @Nullable []> values) {
        PartSize after = size;
        for (int i = 0; i < 100; i++) {
            after = after.after(values);
        }
        return after;
    }

    @Test
    void keys_nothingKnown_isAHundred() {
        assertThat(PartSize.INITIAL.keys()).isEqualTo(100);
    }

    @Test
    void after_largeValues_fitsIntoAMebibyteAtOnce() {
        assertThat(PartSize.INITIAL.after(values(100, LARGE)).keys()).isEqualTo(5);
        assertThat(PartSize.INITIAL.after(values(1, 10 << 20)).keys()).isEqualTo(1);
    }

    @Test
    void after_smallValues_growsStepByStepToFiveHundred() {
        PartSize size = PartSize.INITIAL;
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            size = size.after(values(size.keys(), 100));
            keys.add(size.keys());
        }

        assertThat(keys).containsExactly(133, 177, 237, 316, 421, 500, 500);
    }

    @Test
    void after_valuesOfAKnownSize_staysThere() {
        assertThat(afterMany(PartSize.INITIAL, values(10, 50 << 10)).keys()).isEqualTo(20);
    }

    @Test
    void after_emptyValues_isStillAtMostFiveHundred() {
        assertThat(afterMany(PartSize.INITIAL, values(10, 19)).keys()).isEqualTo(500);
    }

    @Test
    void after_nothingOrLeases_isTheSame() {
        assertThat(PartSize.INITIAL.after(Collections.nCopies(100, null))).isEqualTo(PartSize.INITIAL);
        assertThat(PartSize.INITIAL.after(values(50, 17)).after(values(50, 18))).isEqualTo(PartSize.INITIAL);
        assertThat(PartSize.INITIAL.after(List.of())).isEqualTo(PartSize.INITIAL);
    }

    /** Else a Redis that comes back empty would be asked for key by key. */
    @Test
    void after_nothingAfterTimeouts_growsBackToAHundred() {
        PartSize one = PartSize.INITIAL.afterTimeout(4);

        assertThat(one.keys()).isEqualTo(1);
        assertThat(afterMany(one, Collections.nCopies(1, null))).isEqualTo(PartSize.INITIAL);
    }

    @Test
    void after_nothingAfterSmallValues_isTheSame() {
        PartSize most = afterMany(PartSize.INITIAL, values(10, 100));

        assertThat(most.after(Collections.nCopies(500, null)).keys()).isEqualTo(500);
    }

    @Test
    void after_largeValueAmongMissingOnes_isTheSizeOfTheLargeOne() {
        List<byte @Nullable []> answers = new ArrayList<>();
        answers.addAll(Collections.<byte @Nullable []>nCopies(99, null));
        answers.add(new byte[LARGE]);

        assertThat(PartSize.INITIAL.after(answers).keys()).isEqualTo(5);
    }

    @Test
    void afterTimeout_again_isAQuarterEachTimeDownToOne() {
        PartSize size = PartSize.INITIAL;
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            size = size.afterTimeout(size.keys());
            keys.add(size.keys());
        }

        assertThat(keys).containsExactly(25, 6, 1, 1, 1);
    }

    @Test
    void afterTimeout_ofOneKey_isTheSame() {
        PartSize most = afterMany(PartSize.INITIAL, values(10, 100));

        assertThat(most.afterTimeout(1)).isEqualTo(most);
    }

    @Test
    void afterTimeout_ofAFullPart_isAQuarterOfIt() {
        assertThat(afterMany(PartSize.INITIAL, values(10, 100))
                        .afterTimeout(500)
                        .keys())
                .isEqualTo(125);
    }

    @Test
    void afterTimeout_largerThanKnown_neverGrows() {
        PartSize large = PartSize.INITIAL.after(values(1, LARGE));

        assertThat(large.afterTimeout(500)).isEqualTo(large);
    }

    @Test
    void after_valuesFoundSmallAfterATimeout_growsAgain() {
        assertThat(afterMany(PartSize.INITIAL.afterTimeout(4), values(10, 100)).keys())
                .isEqualTo(500);
    }
}
