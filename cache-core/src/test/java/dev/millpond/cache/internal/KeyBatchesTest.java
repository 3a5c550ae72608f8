package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyBatchesTest {

    @Test
    void next_moreKeysThanABatch_givesThemInOrderAndTheRestAtTheEnd() {
        KeyBatches<Integer> batches = new KeyBatches<>("top", Stream.of(1, 2, 3), 2);

        assertThat(batches.next(() -> true)).containsExactly(1, 2);
        assertThat(batches.next(() -> true)).containsExactly(3);
        assertThat(batches.next(() -> true)).isEmpty();
    }

    @Test
    void planned_knownLength_isThatFromTheBeginning() {
        KeyBatches<Integer> batches = new KeyBatches<>("top", List.of(1, 2, 3).stream(), 2);

        assertThat(batches.size()).isEqualTo(3);
        assertThat(batches.planned()).isEqualTo(3);
    }

    @Test
    void planned_unknownLength_isWhatWasTaken() {
        KeyBatches<Integer> batches = new KeyBatches<>("top", Stream.of(1, 2, 3).filter(key -> key > 0), 2);

        assertThat(batches.size()).isZero();
        assertThat(batches.next(() -> true)).hasSize(2);
        assertThat(batches.planned()).isEqualTo(2);
    }

    @Test
    void next_noLongerGoesOn_takesNoFurtherKey() {
        KeyBatches<Integer> batches =
                new KeyBatches<>("top", Stream.iterate(0, key -> key + 1).filter(key -> key % 2 == 0), 100);
        AtomicInteger asked = new AtomicInteger();

        assertThat(batches.next(() -> asked.incrementAndGet() <= 3)).containsExactly(0, 2, 4);
        assertThat(batches.areTaken()).isFalse();
    }

    @Test
    void next_nullKey_namesTheWarmerAndTheFix() {
        KeyBatches<Integer> batches = new KeyBatches<>("top", Arrays.asList(1, null).stream(), 2);

        assertThatNullPointerException()
                .isThrownBy(() -> batches.next(() -> true))
                .withMessage("Warmer 'top': a key is null. Leave it out of the keys to warm.");
    }

    @Test
    void areTaken_exactlyAllOfAKnownNumber_isKnownWithoutAskingForMore() {
        KeyBatches<Integer> batches = new KeyBatches<>("top", List.of(1, 2).stream(), 2);
        assertThat(batches.areTaken()).isFalse();

        assertThat(batches.next(() -> true)).hasSize(2);

        assertThat(batches.areTaken()).isTrue();
    }
}
