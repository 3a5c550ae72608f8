package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.ReadCounts.MOST_SAMPLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millpond.runtime.SwitchMode;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ReadCountsTest {

    private SwitchMode mode = SwitchMode.ON;
    private final ReadCounts<String> counts =
            new ReadCounts<>(100, MOST_SAMPLES, new CacheSwitch(() -> mode, new KeyText("cache", null)));

    private void read(String key, int times) {
        for (int i = 0; i < times; i++) {
            counts.read(key);
        }
    }

    @Test
    void take_fewReads_countsEachOnce() {
        read("a", 3);
        read("b", 1);

        assertThat(counts.take()).containsOnly(Map.entry("a", 3L), Map.entry("b", 1L));
        assertThat(counts.take()).isEmpty();
    }

    @Test
    void read_cacheMayKeepNothing_isNotCounted() {
        mode = SwitchMode.OFF;
        read("a", 1);
        mode = SwitchMode.READ_ONLY;
        read("a", 1);
        mode = SwitchMode.LOCAL_ONLY;
        read("a", 1);

        assertThat(counts.take()).containsOnly(Map.entry("a", 1L));
    }

    /** All reads up to the most samples, then half of as many reads again, a quarter of twice as many, and so on. */
    @Test
    void read_veryManyReads_countsASampleForAllOfThem() {
        int reads = 64 * MOST_SAMPLES;

        for (int i = 0; i < reads; i++) {
            counts.read(i % 4 == 0 ? "quarter" : "rest");
        }

        Map<String, Long> taken = counts.take();
        assertThat(taken.get("quarter")).isCloseTo(reads / 4L, Percentage.withPercentage(3));
        assertThat(taken.get("rest")).isCloseTo(reads / 4L * 3, Percentage.withPercentage(3));
        read("later", 10_000);
        assertThat(counts.take().get("later")).isNotEqualTo(10_000).isCloseTo(10_000, within(6_000L));
    }

    /**
     * Each key is as often in the sample as the others, although a regular sample would have the same ones each time.
     */
    @Test
    void read_keysInALoop_areAllCounted() {
        for (int i = 0; i < 16 * MOST_SAMPLES; i++) {
            counts.read("key-" + i % 64);
        }

        Map<String, Long> taken = counts.take();
        assertThat(taken).hasSize(64);
        assertThat(taken.values())
                .allSatisfy(reads -> assertThat(reads).isCloseTo(MOST_SAMPLES / 4L, Percentage.withPercentage(25)));
    }

    @Test
    void beginPeriod_fewerReadsThanBefore_countsThemExactlyAgain() {
        read("a", 64 * MOST_SAMPLES);
        counts.beginPeriod();
        counts.take();

        read("b", 1_000);
        counts.beginPeriod();
        counts.take();

        read("c", 7);
        assertThat(counts.take()).containsExactly(Map.entry("c", 7L));
    }

    @Test
    void beginPeriod_asManyReadsAsBefore_staysAsItIs() {
        read("a", 4 * MOST_SAMPLES);
        counts.beginPeriod();
        counts.take();

        read("a", 4 * MOST_SAMPLES);
        counts.beginPeriod();
        counts.take();

        read("b", 1_001);
        assertThat(counts.take().get("b")).isNotEqualTo(1_001).isCloseTo(1_001, within(500L));
    }
}
