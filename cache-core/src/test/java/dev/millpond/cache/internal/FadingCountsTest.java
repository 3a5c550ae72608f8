package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.HotKeyStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FadingCountsTest {

    private final FadingCounts counts = new FadingCounts(3);

    @Test
    void highestFirst_someCounts_areInOrderAndAtMostSoMany() {
        counts.add(Map.of("low", 1.0, "high", 9.0));
        counts.add(Map.of("low", 1.0, "middle", 3.0));

        assertThat(counts.highestFirst(9))
                .containsExactly(Map.entry("high", 9.0), Map.entry("middle", 3.0), Map.entry("low", 2.0));
        assertThat(counts.highestFirst(1)).containsExactly(Map.entry("high", 9.0));
    }

    @Test
    void highestFirst_equalCounts_areInTheOrderOfTheirTexts() {
        counts.add(Map.of("b", 1.0, "c", 1.0, "a", 1.0));

        assertThat(counts.highestFirst(2)).containsExactly(Map.entry("a", 1.0), Map.entry("b", 1.0));
    }

    @Test
    void add_tooMany_forgetsTheLowest() {
        counts.add(Map.of("a", 1.0, "b", 2.0, "c", 3.0, "d", 4.0));

        assertThat(counts.highestFirst(9)).extracting(Map.Entry::getKey).containsExactly("d", "c", "b");
    }

    @Test
    void fade_oldFavourite_isOvertaken() {
        counts.add(Map.of("old", 8.0));

        counts.fade(0.25);
        counts.add(Map.of("new", 3.0));

        assertThat(counts.highestFirst(9)).containsExactly(Map.entry("new", 3.0), Map.entry("old", 2.0));
    }

    /** Otherwise what is never read again would be there for good, since nothing pushes it out. */
    @Test
    void fade_notReadForADay_isForgotten() {
        counts.add(Map.of("low", 1.0, "high", 9.0));

        counts.fade(0.9 * HotKeyStore.LEAST_COUNT);

        assertThat(counts.highestFirst(9)).extracting(Map.Entry::getKey).containsExactly("high");
        counts.fade(0);
        assertThat(counts.highestFirst(9)).isEmpty();
    }

    @Test
    void clear_someCounts_areGone() {
        counts.add(Map.of("a", 1.0));

        counts.clear();

        assertThat(counts.highestFirst(9)).isEmpty();
    }
}
