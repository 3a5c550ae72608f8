package dev.millpond.cache.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryTest {

    private final History history = new History(2);

    @Test
    void newestBefore_completionOutOfOrder_keepsTheNewest() {
        long start = System.nanoTime();
        history.completed(3);
        history.completed(2);

        assertThat(history.newestBefore(start - 1)).isZero();
        assertThat(history.newestBefore(System.nanoTime())).isEqualTo(3);
    }

    @Test
    void newestOf_returnedElsewhere_isOfItsOwnNodeOnly() {
        history.returned(1, 4);
        history.returned(1, 2);

        assertThat(history.newestOf(0)).isZero();
        assertThat(history.newestOf(1)).isEqualTo(4);
    }

    @Test
    void outdatedSince_newerVersions_isTheFirstOfThem() {
        history.completed(1);
        long afterFirst = System.nanoTime();
        history.completed(2);
        long afterSecond = System.nanoTime();
        history.completed(3);
        long end = System.nanoTime();

        assertThat(history.outdatedSince(1, end)).isBetween(afterFirst, afterSecond);
        assertThat(history.outdatedSince(2, end)).isBetween(afterSecond, end);
        assertThat(history.outdatedSince(3, end)).isEqualTo(end);
    }
}
