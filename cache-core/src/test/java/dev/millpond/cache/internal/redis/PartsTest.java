package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartsTest {

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static List<Integer> sizes(List<List<Integer>> parts) {
        return parts.stream().map(List::size).toList();
    }

    @Test
    void of_long_isInPartsOfFiveHundredInOrder() {
        List<List<Integer>> parts = Parts.of(numbers(1_001));

        assertThat(sizes(parts)).containsExactly(500, 500, 1);
        assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(numbers(1_001));
    }

    @Test
    void of_nothing_hasNoPart() {
        assertThat(Parts.of(List.of())).isEmpty();
    }

    @Test
    void of_largeOnes_isInPartsOfAMebibyteAtTheMost() {
        List<Integer> bytes = Collections.nCopies(11, 200 << 10);

        assertThat(sizes(Parts.of(bytes, each -> each))).containsExactly(5, 5, 1);
    }

    @Test
    void of_exactlyAMebibyte_isOnePart() {
        assertThat(sizes(Parts.of(Collections.nCopies(4, 1 << 18), each -> each)))
                .containsExactly(4);
    }

    @Test
    void of_oneOfMoreThanAMebibyte_isAPartOfItsOwn() {
        assertThat(Parts.of(List.of(1, 2 << 20, 2), each -> each))
                .containsExactly(List.of(1), List.of(2 << 20), List.of(2));
    }

    @Test
    void of_smallOnes_isInPartsOfFiveHundred() {
        assertThat(sizes(Parts.of(Collections.nCopies(600, 10), each -> each))).containsExactly(500, 100);
    }
}
