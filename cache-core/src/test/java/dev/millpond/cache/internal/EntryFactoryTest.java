package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.EntryFormat.Stored;
import dev.millpond.cache.internal.HeaderFormat.Header;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryFactoryTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);
    private static final long START = FakeTicker.START.toEpochMilli();

    private final FakeTicker ticker = new FakeTicker();
    private final TagTable table = Fixtures.table(ticker);
    private final Request<String> request = Fixtures.request("a", table.stamp());
    private double random = 0.5;

    private EntryFactory factory(CacheSettings<String> settings) {
        return new EntryFactory(settings, ticker, ticker, () -> random);
    }

    private Entry<String> loaded(CacheSettings<String> settings, @Nullable String value) {
        return factory(settings).loaded(request, table.stamp(), value, Set.of(), null);
    }

    private Duration freshFor(Entry<String> entry) {
        return Duration.ofNanos(entry.lifetime().freshUntil() - ticker.read());
    }

    private Duration usableFor(Entry<String> entry) {
        return Duration.ofNanos(entry.lifetime().usableUntil() - ticker.read());
    }

    @Test
    void loaded_value_isFreshForTheTimeToLive() {
        ticker.advance(Duration.ofSeconds(1));

        Entry<String> entry = loaded(Fixtures.settings(TIME_TO_LIVE), "v");

        assertThat(entry.value()).isEqualTo("v");
        assertThat(entry.stamp()).isEqualTo(table.stamp());
        assertThat(entry.lifetime().createdAtMillis()).isEqualTo(START + 1_000);
        assertThat(freshFor(entry)).isEqualTo(TIME_TO_LIVE);
        assertThat(usableFor(entry)).isEqualTo(TIME_TO_LIVE);
    }

    @Test
    void loaded_absent_isFreshForItsOwnTimeAndNeverStale() {
        Entry<String> entry = loaded(Fixtures.settings(TIME_TO_LIVE, Duration.ofHours(1), 0), null);

        assertThat(entry.value()).isNull();
        assertThat(freshFor(entry)).isEqualTo(Duration.ofSeconds(30));
        assertThat(usableFor(entry)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void loaded_staleAllowed_isUsableForThatMuchLonger() {
        Entry<String> entry = loaded(Fixtures.settings(TIME_TO_LIVE, Duration.ofHours(1), 0), "v");

        assertThat(freshFor(entry)).isEqualTo(TIME_TO_LIVE);
        assertThat(usableFor(entry)).isEqualTo(TIME_TO_LIVE.plusHours(1));
    }

    @Test
    void loaded_timeToLiveOfTheEntry_replacesTheCachesOwn() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE, Duration.ofHours(1), 0));

        Entry<String> entry = factory.loaded(request, table.stamp(), "v", Set.of(), Duration.ofSeconds(7));
        Entry<String> absent = factory.loaded(request, table.stamp(), null, Set.of(), Duration.ofSeconds(7));

        assertThat(freshFor(entry)).isEqualTo(Duration.ofSeconds(7));
        assertThat(usableFor(entry)).isEqualTo(Duration.ofSeconds(7).plusHours(1));
        assertThat(freshFor(absent)).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @CsvSource({"0, 270", "0.25, 285", "0.5, 300", "0.75, 315", "1, 330"})
    void loaded_jitter_movesTheEndByThatFractionAtMost(double drawn, long seconds) {
        random = drawn;

        Entry<String> entry = loaded(Fixtures.settings(TIME_TO_LIVE, Duration.ofHours(1), 0.1), "v");

        assertThat(freshFor(entry)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(usableFor(entry)).isEqualTo(Duration.ofSeconds(seconds).plusHours(1));
    }

    @Test
    void loaded_longestTimes_doNotOverflow() {
        random = 1;
        Duration longest = Duration.ofDays(36_500);

        Entry<String> entry = loaded(Fixtures.settings(longest, longest, 0.5), "v");

        assertThat(entry.lifetime().fresh(ticker.read())).isTrue();
        assertThat(entry.lifetime().usable(ticker.read() + longest.toNanos())).isTrue();
        assertThat(factory(Fixtures.settings(longest)).storageTime(entry)).isGreaterThan(longest);
    }

    @Test
    void loaded_dependencies_followTheEntrysOwnNames() {
        Set<String> dependencies = new LinkedHashSet<>(List.of("t:x", "c:cache", "k:cache:a", "k:other:1"));

        Entry<String> entry =
                factory(Fixtures.settings(TIME_TO_LIVE)).loaded(request, table.stamp(), "v", dependencies, null);

        assertThat(entry.names()).containsExactly("k:cache:a", "c:cache", "t:x", "k:other:1");
    }

    @Test
    void loaded_tooManyDependencies_keepsItsOwnNamesAndCapsTheRest() {
        Set<String> dependencies =
                IntStream.range(0, 65).mapToObj(i -> "k:other:" + i).collect(Collectors.toSet());

        Entry<String> entry =
                factory(Fixtures.settings(TIME_TO_LIVE)).loaded(request, table.stamp(), "v", dependencies, null);

        assertThat(entry.names()).containsExactly("k:cache:a", "c:cache", "a:other");
    }

    @Test
    void header_loadedSomeTimeAgo_countsFromTheLoadAndLeavesItsOwnNamesOut() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE, Duration.ofMinutes(1), 0));
        table.apply(1, List.of("t:y"));
        Entry<String> entry = factory.loaded(request, table.stamp(), "v", Set.of("t:x"), null);
        ticker.advance(Duration.ofSeconds(60));

        assertThat(factory.header(entry)).isEqualTo(new Header(START, 300_000, 360_000, 1, "e1", List.of("t:x"), null));
    }

    /** How long this process keeps its copy is nothing that other nodes go by. */
    @Test
    void header_limitedInThisProcess_isThatOfTheWhole() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE));
        Entry<String> entry = factory.loaded(request, table.stamp(), "v", Set.of(), null);

        assertThat(factory.header(entry.limited(1_000_000, ticker.read()))).isEqualTo(factory.header(entry));
    }

    @Test
    void stored_pastItsEndWhenItWasStored_isNeitherFreshNorUsable() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE));
        Entry<String> first = factory.loaded(request, table.stamp(), "v", Set.of(), null);
        ticker.advance(Duration.ofHours(1));

        Entry<String> second =
                factory.stored(request, table.stamp(), new Stored<>(factory.header(first), "v", null), factory.now());

        assertThat(second.lifetime().fresh(ticker.read())).isFalse();
        assertThat(second.lifetime().usable(ticker.read())).isFalse();
    }

    /** The header has room for 49 days; an entry that lives longer is loaded again after these. */
    @Test
    void header_longerThanItCanSay_saysTheMost() {
        EntryFactory factory = factory(Fixtures.settings(Duration.ofDays(1_000)));
        Entry<String> entry = factory.loaded(request, table.stamp(), "v", Set.of(), null);

        assertThat(factory.header(entry))
                .isEqualTo(new Header(START, 0xffff_ffffL, 0xffff_ffffL, 0, "e1", List.of(), null));
    }

    private Entry<String> stored(long createdAt, long freshMillis, long storedMillis) {
        Header header = new Header(createdAt, freshMillis, storedMillis, 0, "e1", List.of("t:x"), null);
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE));
        return factory.stored(request, table.stamp(), new Stored<>(header, "v", null), factory.now());
    }

    @Test
    void stored_someTimeAgo_isFreshForWhatIsLeft() {
        ticker.advance(Duration.ofSeconds(100));

        Entry<String> entry = stored(START, 300_000, 400_000);

        assertThat(freshFor(entry)).isEqualTo(Duration.ofSeconds(200));
        assertThat(usableFor(entry)).isEqualTo(Duration.ofMinutes(5));
        assertThat(entry.lifetime().createdAtMillis()).isEqualTo(START);
        assertThat(entry.names()).containsExactly("k:cache:a", "c:cache", "t:x");
    }

    @Test
    void stored_byANodeWhoseClockIsAhead_hasNoAge() {
        Entry<String> entry = stored(START + 60_000, 300_000, 300_000);

        assertThat(freshFor(entry)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void stored_longAgo_isNeitherFreshNorUsable() {
        for (long createdAt : new long[] {0, START - 400_000, Long.MIN_VALUE / 4}) {
            Entry<String> entry = stored(createdAt, 300_000, 300_000);

            assertThat(entry.lifetime().fresh(ticker.read())).isFalse();
            assertThat(entry.lifetime().usable(ticker.read())).isFalse();
        }
    }

    /** What one node stores another must not answer longer with, to the millisecond. */
    @ParameterizedTest
    @CsvSource({"1", "200", "999", "1000", "1001", "283400"})
    void stored_readByAnotherNode_isFreshNoLongerThanOnTheFirst(long millis) {
        EntryFactory factory = factory(Fixtures.settings(Duration.ofMillis(millis)));
        Entry<String> first = factory.loaded(request, table.stamp(), "v", Set.of(), null);
        Stored<String> stored = new Stored<>(factory.header(first), "v", null);
        ticker.advance(Duration.ofMillis(millis / 2));

        Entry<String> second = factory.stored(request, table.stamp(), stored, factory.now());

        assertThat(second.lifetime().freshUntil() - first.lifetime().freshUntil())
                .isBetween(-1_000_000L, 0L);
    }

    @Test
    void loaded_timeToLiveZero_isNeverFreshNorStale() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE, Duration.ofHours(1), 0.1));

        Entry<String> entry = factory.loaded(request, table.stamp(), "v", Set.of(), Duration.ZERO);
        Entry<String> second =
                factory.stored(request, table.stamp(), new Stored<>(factory.header(entry), "v", null), factory.now());

        for (Entry<String> each : List.of(entry, second)) {
            assertThat(each.lifetime().fresh(ticker.read())).isFalse();
            assertThat(each.lifetime().usable(ticker.read())).isFalse();
        }
    }

    @Test
    void stored_versionOfTheSource_isThatOfTheHeader() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE));
        StoredPayload payload = new StoredPayload(0, 7, 100);
        Entry<String> first =
                factory.loaded(request, table.stamp(), "v", Set.of(), null, new SourceVersion("v1", null));

        Entry<String> second = factory.stored(
                request, table.stamp(), new Stored<>(factory.header(first), "v", payload), factory.now());

        assertThat(second.version()).isEqualTo(new SourceVersion("v1", payload));
        assertThat(second.payload()).isSameAs(payload);
        assertThat(first.payload()).isNull();
    }

    @Test
    void storageTime_isWhatIsLeftButAtLeastOneMillisecond() {
        EntryFactory factory = factory(Fixtures.settings(TIME_TO_LIVE, Duration.ofMinutes(1), 0));
        Entry<String> entry = factory.loaded(request, table.stamp(), "v", Set.of(), null);

        assertThat(factory.storageTime(entry)).isEqualTo(Duration.ofMinutes(6));
        ticker.advance(Duration.ofMinutes(6));
        assertThat(factory.storageTime(entry)).isEqualTo(Duration.ofMillis(1));
        ticker.advance(Duration.ofMinutes(6));
        assertThat(factory.storageTime(entry)).isEqualTo(Duration.ofMillis(1));
    }
}
