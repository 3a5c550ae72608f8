package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyBatchesTest {

    @Test
    void next_moreKeysThanABatch_givesThemInOrderAndTheRestAtTheEnd() {
        KeyBatches<Integer> batches = new KeyBatches<>(Stream.of(1, 2, 3), 2);

        assertThat(batches.next()).containsExactly(1, 2);
        assertThat(batches.next()).containsExactly(3);
        assertThat(batches.next()).isEmpty();
    }

    @Test
    void planned_knownLength_isThatFromTheBeginning() {
        KeyBatches<Integer> batches = new KeyBatches<>(List.of(1, 2, 3).stream(), 2);

        assertThat(batches.size()).isEqualTo(3);
        assertThat(batches.planned()).isEqualTo(3);
    }

    @Test
    void planned_unknownLength_isWhatWasTaken() {
        KeyBatches<Integer> batches = new KeyBatches<>(Stream.of(1, 2, 3).filter(key -> key > 0), 2);

        assertThat(batches.size()).isZero();
        assertThat(batches.next()).hasSize(2);
        assertThat(batches.planned()).isEqualTo(2);
    }
}
