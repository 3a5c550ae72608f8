package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.CacheStats;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatsCounterTest {

    private final Stamp stamp = Fixtures.table(new FakeTicker()).stamp();
    private final StatsCounter stats = new StatsCounter();

    private void answered(Source source, boolean joined) {
        stats.answered(new Answer<>(Fixtures.entry("v", stamp), source, true, joined));
    }

    @Test
    void snapshot_nothingHappened_isAllZero() {
        assertThat(stats.snapshot())
                .isEqualTo(new CacheStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void answered_eachSource_countsOneLookUp() {
        answered(Source.LOCAL, false);
        answered(Source.REMOTE, false);
        answered(Source.LOADER, false);
        answered(Source.STALE, false);
        answered(Source.LOADER, true);

        CacheStats snapshot = stats.snapshot();

        assertThat(snapshot)
                .isEqualTo(new CacheStats(1, 1, 3, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(snapshot.requests()).isEqualTo(5);
    }

    @Test
    void everyOtherEvent_hasACountOfItsOwn() {
        stats.missed();
        stats.loaded(100);
        stats.loaded(50);
        stats.loadFailed(7);
        times(2, stats::evicted);
        times(3, stats::invalidated);
        times(4, stats::storeRejected);
        times(5, stats::unstorable);
        times(6, stats::unreadable);
        times(7, stats::slowLoad);
        times(8, stats::loadRefused);
        times(9, stats::refreshedAhead);
        times(10, stats::put);
        times(11, stats::foundInvalidated);
        times(12, () -> stats.notModified(1));
        stats.read(12);
        stats.read(1);
        stats.written(14);

        assertThat(stats.snapshot())
                .isEqualTo(new CacheStats(
                        0, 0, 1, 2, 1, 7, 8, 9, 12, 10, Duration.ofNanos(157), 0, 0, 2, 3, 11, 4, 5, 6, 13, 14));
    }

    private static void times(int count, Runnable event) {
        for (int i = 0; i < count; i++) {
            event.run();
        }
    }
}
