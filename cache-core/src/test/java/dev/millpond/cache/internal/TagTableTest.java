package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.Fixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.InvalidationStats;
import dev.millpond.cache.spi.InvalidationLog;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagTableTest {

    private static final String IDENTITY = "k:cache:1";
    private static final String CACHE = "c:cache";
    private static final String TAG = "t:league:39";

    private final FakeTicker ticker = new FakeTicker();
    private final TagTable table = Fixtures.table(ticker);

    private Entry<String> loaded() {
        return entry("v", table.stamp(), IDENTITY, CACHE, TAG);
    }

    private static String[] names(String... names) {
        return names;
    }

    @Test
    void valid_nothingInvalidated_isTrue() {
        assertThat(table.valid(loaded())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {IDENTITY, CACHE, TAG})
    void valid_nameInvalidatedSince_isFalse(String name) {
        Entry<String> entry = loaded();

        table.apply(1, List.of("t:another", name));

        assertThat(table.valid(entry)).isFalse();
        assertThat(table.changedSince(entry.stamp(), entry.names())).isTrue();
    }

    @Test
    void valid_otherNamesInvalidatedSince_isTrue() {
        Entry<String> entry = loaded();

        table.apply(1, List.of("k:cache:2", "a:cache", "t:league:3", "c:cache2"));

        assertThat(table.valid(entry)).isTrue();
        assertThat(table.changedSince(entry.stamp(), entry.names())).isFalse();
    }

    @Test
    void valid_loadBegunAfterTheInvalidation_isTrue() {
        table.apply(1, List.of(TAG));

        assertThat(table.valid(loaded())).isTrue();
    }

    @Test
    void valid_loadBegunBeforeAndKeptAfterTheInvalidation_isFalse() {
        Stamp begun = table.stamp();
        table.apply(1, List.of(TAG));

        assertThat(table.valid(entry("v", begun, IDENTITY, CACHE, TAG))).isFalse();
    }

    @Test
    void valid_checkedBefore_seesTheNextInvalidation() {
        Entry<String> entry = loaded();
        table.apply(1, List.of("t:another"));
        assertThat(table.valid(entry)).isTrue();
        assertThat(entry.checkedUpTo()).isEqualTo(1);

        table.apply(2, List.of(TAG));

        assertThat(table.valid(entry)).isFalse();
        assertThat(entry.checkedUpTo()).isEqualTo(1);
    }

    @Test
    void valid_invalidatedTwice_countsTheLast() {
        table.apply(1, List.of(TAG));
        Entry<String> between = loaded();
        table.apply(2, List.of(TAG));

        assertThat(table.valid(between)).isFalse();
        assertThat(table.valid(loaded())).isTrue();
    }

    @Test
    void valid_entryOfANodeThatIsAhead_isTrueUntilItsNameComes() {
        Entry<String> entry = entry("v", stampOf("e1", 5), IDENTITY, TAG);
        for (int sequence = 1; sequence <= 5; sequence++) {
            table.apply(sequence, List.of(TAG));
            assertThat(table.valid(entry)).isTrue();
        }

        table.apply(6, List.of(TAG));

        assertThat(table.valid(entry)).isFalse();
    }

    private Stamp stampOf(String epoch, long sequence) {
        Stamp stamp = table.stamp(epoch, sequence);
        assertThat(stamp).isNotEqualTo(TagTable.OF_ANOTHER_EPOCH);
        return stamp;
    }

    @Test
    void stamp_otherEpoch_isThatOfNoneKnown() {
        assertThat(table.stamp("e0", 5)).isEqualTo(TagTable.OF_ANOTHER_EPOCH);
        assertThat(table.stamp("e1", 5)).isNotEqualTo(TagTable.OF_ANOTHER_EPOCH);
    }

    @Test
    void apply_gapOrRepetition_isIgnored() {
        table.apply(2, List.of(TAG));
        assertThat(table.applied()).isZero();

        table.apply(1, List.of("t:one"));
        table.apply(1, List.of(TAG));
        table.apply(0, List.of(TAG));

        assertThat(table.applied()).isEqualTo(1);
        assertThat(table.changedSince(stampOf("e1", 0), names(TAG))).isFalse();
        assertThat(table.changedSince(stampOf("e1", 0), names("t:one"))).isTrue();
    }

    @Test
    void reset_newEpoch_invalidatesWhatIsHeldAndBeginsAtTheFloor() {
        Entry<String> held = loaded();

        table.reset("e2", 7);

        assertThat(table.epoch()).isEqualTo("e2");
        assertThat(table.applied()).isEqualTo(7);
        assertThat(table.valid(held)).isFalse();
        assertThat(table.changedSince(held.stamp(), names("t:never"))).isTrue();
        assertThat(table.valid(loaded())).isTrue();
        assertThat(table.stamp("e1", 0)).isEqualTo(TagTable.OF_ANOTHER_EPOCH);
    }

    @Test
    void reset_sameEpochId_invalidatesWhatIsHeld() {
        Entry<String> held = loaded();

        table.reset("e1", 0);

        assertThat(table.valid(held)).isFalse();
    }

    @Test
    void reset_entriesOfOtherNodes_areValidFromTheFloorOn() {
        table.reset("e2", 7);

        assertThat(table.valid(entry("v", stampOf("e2", 6), TAG))).isFalse();
        assertThat(table.valid(entry("v", stampOf("e2", 7), TAG))).isTrue();
    }

    @Test
    void distrust_always_invalidatesWhatIsHeldAndEndsTrust() {
        Entry<String> held = loaded();
        Stamp loading = table.stamp();

        table.distrust();

        assertThat(table.trusted(ticker.read())).isFalse();
        assertThat(table.valid(held)).isFalse();
        assertThat(table.valid(entry("v", loading, "t:never"))).isFalse();
    }

    @Test
    void distrust_always_keepsEpochNumberAndNames() {
        table.reset("e1", 2);
        table.apply(3, List.of(TAG));

        table.distrust();

        assertThat(table.epoch()).isEqualTo("e1");
        assertThat(table.applied()).isEqualTo(3);
        assertThat(table.valid(entry("v", stampOf("e1", 2), TAG))).isFalse();
        assertThat(table.valid(entry("v", stampOf("e1", 3), TAG))).isTrue();
        assertThat(table.valid(entry("v", stampOf("e1", 1), "t:never"))).isFalse();
        table.apply(4, List.of("t:more"));
        assertThat(table.applied()).isEqualTo(4);
    }

    @Test
    void trusted_newTable_isFalse() {
        assertThat(new TagTable(ticker, Duration.ofSeconds(2), 10).trusted(ticker.read()))
                .isFalse();
    }

    @Test
    void trusted_confirmed_lastsForTheBoundFromTheMomentConfirmed() {
        ticker.advance(Duration.ofSeconds(1));
        table.confirm(ticker.read() - Duration.ofMillis(300).toNanos());

        ticker.advance(Duration.ofMillis(1_700).minusNanos(1));
        assertThat(table.trusted(ticker.read())).isTrue();
        ticker.advance(Duration.ofNanos(1));
        assertThat(table.trusted(ticker.read())).isFalse();
    }

    @Test
    void trusted_clockBelowZero_isMeasuredAllTheSame() {
        long start = Long.MAX_VALUE - 10;
        TagTable wrapping = new TagTable(() -> start, Duration.ofNanos(100), 10);

        assertThat(wrapping.trusted(start)).isFalse();
        wrapping.confirm(start);
        assertThat(wrapping.trusted(start + 99)).isTrue();
        assertThat(wrapping.trusted(start + 100)).isFalse();
    }

    @Test
    void apply_moreNamesThanFit_raisesTheFloorAndForgetsTheOldest() {
        TagTable small = new TagTable(ticker, Duration.ofSeconds(2), 8);
        small.reset("e1", 0);
        Entry<String> first = entry("v", small.stamp(), "t:never");
        for (int sequence = 1; sequence <= 8; sequence++) {
            small.apply(sequence, List.of("t:" + sequence));
        }
        Entry<String> recent = entry("v", small.stamp(), "t:never");
        Entry<String> recentHit = entry("v", small.stamp(), "t:9");
        assertThat(small.valid(first)).isTrue();

        small.apply(9, List.of("t:9"));

        assertThat(small.valid(entry("v", first.stamp(), "t:never"))).isFalse();
        assertThat(small.valid(recent)).isTrue();
        assertThat(small.valid(recentHit)).isFalse();
    }

    @Test
    void apply_moreNamesAtOnceThanFit_forgetsAllThatIsOlder() {
        TagTable small = new TagTable(ticker, Duration.ofSeconds(2), 8);
        small.reset("e1", 0);
        Entry<String> untouched = entry("v", small.stamp(), "t:never");

        small.apply(1, IntStream.range(0, 20).mapToObj(i -> "t:" + i).toList());

        assertThat(small.valid(untouched)).isFalse();
        assertThat(small.valid(entry("v", small.stamp(), "t:0"))).isTrue();
    }

    @Test
    void apply_recordsOfManyNames_forgetsOnlyAsManyAsItMust() {
        TagTable small = new TagTable(ticker, Duration.ofSeconds(2), 20);
        small.reset("e1", 0);
        Entry<String> first = entry("v", small.stamp(), "t:never");
        for (int sequence = 1; sequence <= 4; sequence++) {
            small.apply(sequence, namesOf(sequence, 5));
        }
        Entry<String> recent = entry("v", small.stamp(), "t:never");

        small.apply(5, namesOf(5, 5));

        assertThat(small.valid(first)).isFalse();
        assertThat(small.valid(recent)).isTrue();
    }

    private static List<String> namesOf(int sequence, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "t:" + sequence + '-' + i)
                .toList();
    }

    /** Whatever the table forgets, it must not take an invalidated entry for a valid one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void apply_randomHistories_neverReportAnInvalidatedEntryAsValid(long seed) {
        Random random = new Random(seed);
        int names = 1 + random.nextInt(40);
        TagTable small = new TagTable(ticker, Duration.ofSeconds(2), 1 + random.nextInt(20));
        small.reset("e1", 0);
        int[] changed = new int[names];
        for (int step = 1; step <= 2_000; step++) {
            int name = random.nextInt(names);
            small.apply(step, List.of("t:" + name));
            changed[name] = step;
            int other = random.nextInt(names);
            int begun = step - random.nextInt(Math.min(step, 50) + 1);
            Stamp stamp = small.stamp("e1", begun);
            if (small.valid(entry("v", stamp, "t:" + other))) {
                assertThat(begun).isGreaterThanOrEqualTo(changed[other]);
            }
            assertThat(small.valid(entry("v", small.stamp(), "t:" + other))).isTrue();
        }
    }

    @Test
    void stats_beforeTheFirstConfirmation_areUntrusted() {
        TagTable fresh = new TagTable(ticker, Fixtures.BOUND, 10);

        InvalidationStats stats = fresh.stats(new InvalidationLog.Progress(3, 2, 1));

        assertThat(stats).isEqualTo(new InvalidationStats(false, Fixtures.BOUND, Fixtures.BOUND, 3, 2, 0, 1));
    }

    @Test
    void stats_confirmedAWhileAgo_tellTheAge() {
        ticker.advance(Duration.ofMillis(700));

        InvalidationStats stats = table.stats(new InvalidationLog.Progress(0, 0, 0));

        assertThat(stats.trusted()).isTrue();
        assertThat(stats.age()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void stats_resetAndDistrust_areFlushes() {
        table.reset("e2", 0);
        table.distrust();

        assertThat(table.stats(new InvalidationLog.Progress(0, 0, 0)).flushes()).isEqualTo(2);
    }
}
