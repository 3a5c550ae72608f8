package dev.millpond.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnyKeyTest {

    private static List<Integer> draws(int thread, int keys, int count) {
        AnyKey any = new AnyKey();
        any.begin(thread);
        return IntStream.range(0, count).mapToObj(i -> any.next(keys)).toList();
    }

    @Test
    void next_manyTimes_takesAllKeysAndNoOthers() {
        assertThat(draws(0, 1_000, 20_000))
                .containsAll(IntStream.range(0, 1_000).boxed().toList())
                .allMatch(key -> key >= 0 && key < 1_000);
    }

    @Test
    void next_millionKeys_goesToTheLastOnes() {
        assertThat(draws(0, 1_000_000, 20_000))
                .allMatch(key -> key >= 0 && key < 1_000_000)
                .anyMatch(key -> key > 999_000);
    }

    @Test
    void next_otherThread_takesOthers() {
        assertThat(draws(0, 1_000_000, 10)).isNotEqualTo(draws(1, 1_000_000, 10));
    }
}
