package dev.millpond.cache.internal;

import static dev.millpond.cache.spi.HotKeyStore.HALF_LIFE;
import static dev.millpond.cache.spi.HotKeyStore.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.HotKeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link HotKeyStore} does; one subclass per implementation, with an empty store for each test. */
public abstract class HotKeyStoreContract {

    private static final String CACHE = "cache";
    private static final int MOST = 1_000;

    /** Returns the store under test; the same one throughout a test. */
    protected abstract HotKeyStore store();

    /** Lets so much time pass for the counts of a cache. */
    protected abstract void elapse(String cache, Duration time);

    /** Loses what there is. */
    protected abstract void lose(String cache);

    private String begin(List<Map.Entry<String, Double>> counts) {
        return store().add(CACHE, UNKNOWN, counts, MOST);
    }

    private List<String> mostRead() {
        return store().mostRead(CACHE, MOST);
    }

    @Test
    void mostRead_nothingAdded_isEmpty() {
        assertThat(mostRead()).isEmpty();
    }

    @Test
    void mostRead_someAdded_areMostReadFirstAndAtMostSoMany() {
        begin(List.of(Map.entry("high", 9.0), Map.entry("", 5.5), Map.entry("näher:%28", 2.0)));

        assertThat(mostRead()).containsExactly("high", "", "näher:%28");
        assertThat(store().mostRead(CACHE, 2)).containsExactly("high", "");
    }

    @Test
    void add_byNodesOfOneLife_isSummed() {
        String life = begin(List.of(Map.entry("a", 3.0), Map.entry("b", 2.0)));
        String other = begin(List.of(Map.entry("b", 2.0)));

        assertThat(other).isEqualTo(life).isNotEqualTo(UNKNOWN);
        assertThat(mostRead()).containsExactly("b", "a");
        assertThat(store().add(CACHE, life, List.of(Map.entry("a", 2.0)), MOST)).isEqualTo(life);
        assertThat(mostRead()).containsExactly("a", "b");
    }

    @Test
    void add_afterALoss_addsNothingUntilTheNodeSendsAll() {
        String life = begin(List.of(Map.entry("a", 3.0)));
        lose(CACHE);

        assertThat(store().add(CACHE, life, List.of(Map.entry("b", 1.0)), MOST)).isEqualTo(UNKNOWN);
        assertThat(mostRead()).isEmpty();

        String next = begin(List.of(Map.entry("a", 3.0), Map.entry("b", 1.0)));
        assertThat(next).isNotEqualTo(life).isNotEqualTo(UNKNOWN);
        assertThat(store().add(CACHE, life, List.of(Map.entry("c", 1.0)), MOST)).isEqualTo(UNKNOWN);
        assertThat(mostRead()).containsExactly("a", "b");
    }

    @Test
    void add_nothing_tellsTheLifeAllTheSame() {
        String life = begin(List.of(Map.entry("a", 3.0)));

        assertThat(store().add(CACHE, life, List.of(), MOST)).isEqualTo(life);
        lose(CACHE);
        assertThat(store().add(CACHE, life, List.of(), MOST)).isEqualTo(UNKNOWN);
    }

    @Test
    void add_oldFavourite_fadesByHalfInAHalfLife() {
        String life = begin(List.of(Map.entry("old", 10.0)));

        elapse(CACHE, HALF_LIFE);
        store().add(CACHE, life, List.of(Map.entry("new", 4.9)), MOST);
        assertThat(mostRead()).containsExactly("old", "new");

        store().add(CACHE, life, List.of(Map.entry("new", 0.2)), MOST);
        assertThat(mostRead()).containsExactly("new", "old");
    }

    @Test
    void add_afterThousandsOfHalfLives_stillCounts() {
        String life = begin(List.of(Map.entry("text-0", 1.0)));

        for (int i = 1; i <= 8; i++) {
            elapse(CACHE, HALF_LIFE.multipliedBy(100));
            store().add(CACHE, life, List.of(Map.entry("text-" + i, 1.0)), MOST);
            assertThat(mostRead()).containsExactly("text-" + i, "text-" + (i - 1));
        }

        elapse(CACHE, HALF_LIFE.multipliedBy(2_000));
        store().add(CACHE, life, List.of(Map.entry("last", 1.0)), MOST);
        store().add(CACHE, life, List.of(Map.entry("last", 1.0), Map.entry("beside", 1.5)), MOST);
        assertThat(mostRead()).containsExactly("last", "beside");
    }

    /** What was read once goes after a day, what was read a million times a few hours later. */
    @Test
    void add_textsNotReadForADay_areForgotten() {
        String life = begin(List.of(Map.entry("once", 1.0), Map.entry("often", 1e6)));

        elapse(CACHE, Duration.ofHours(23));
        store().add(CACHE, life, List.of(Map.entry("new", 1.0)), MOST);
        assertThat(mostRead()).containsExactly("new", "often", "once");

        elapse(CACHE, Duration.ofHours(2));
        store().add(CACHE, life, List.of(), MOST);
        assertThat(mostRead()).containsExactly("new", "often");

        elapse(CACHE, Duration.ofHours(4));
        store().add(CACHE, life, List.of(), MOST);
        assertThat(mostRead()).containsExactly("new");
    }

    @Test
    void add_everythingForgotten_isALoss() {
        String life = begin(List.of(Map.entry("old", 1.0)));
        elapse(CACHE, Duration.ofHours(25));
        store().add(CACHE, life, List.of(), MOST);

        assertThat(mostRead()).isEmpty();
        assertThat(store().add(CACHE, life, List.of(Map.entry("new", 1.0)), MOST))
                .isEqualTo(UNKNOWN);
    }

    @Test
    void add_tooMany_forgetsTheLowest() {
        String life = store().add(CACHE, UNKNOWN, List.of(Map.entry("a", 9.0), Map.entry("b", 2.0)), 2);

        store().add(CACHE, life, List.of(Map.entry("c", 3.0)), 2);

        assertThat(mostRead()).containsExactly("a", "c");
    }

    /** More than one call adds, and more than one reads. */
    @Test
    void add_many_areAllThereInTheirOrder() {
        List<Map.Entry<String, Double>> counts = new ArrayList<>(IntStream.range(0, 5_500)
                .mapToObj(i -> Map.entry("key-" + i, 1.0 + i))
                .toList());
        Collections.reverse(counts);

        for (int from = 0; from < counts.size(); from += HotKeyStore.MOST_PER_CALL) {
            int to = Math.min(counts.size(), from + HotKeyStore.MOST_PER_CALL);
            store().add(CACHE, UNKNOWN, counts.subList(from, to), 20_000);
        }

        List<String> texts = counts.stream().map(Map.Entry::getKey).toList();
        assertThat(store().mostRead(CACHE, 20_000)).isEqualTo(texts);
        assertThat(store().mostRead(CACHE, 5_001)).isEqualTo(texts.subList(0, 5_001));
    }

    @Test
    void add_toTwoCaches_keepsThemApart() {
        begin(List.of(Map.entry("a", 1.0)));
        store().add("other", UNKNOWN, List.of(Map.entry("b", 1.0)), MOST);

        assertThat(mostRead()).containsExactly("a");
        assertThat(store().mostRead("other", MOST)).containsExactly("b");
    }
}
