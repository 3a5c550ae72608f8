package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LocalTierTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    private final FakeTicker ticker = new FakeTicker();
    private final TagTable table = Fixtures.table(ticker);
    private final StatsCounter stats = new StatsCounter();
    private SwitchMode mode = SwitchMode.ON;
    private final LocalTier<String, String> tier = tier(Fixtures.settings(TIME_TO_LIVE, Duration.ofMinutes(1), 0));

    private LocalTier<String, String> tier(CacheSettings<String> settings) {
        return new LocalTier<>(
                settings,
                new CacheSwitch(() -> mode, new KeyText("cache", null)),
                true,
                ticker,
                table,
                new EarlyExpiry(0, () -> 0),
                stats);
    }

    private Entry<String> entry(Duration freshFor, String... names) {
        long now = ticker.read();
        long freshUntil = now + freshFor.toNanos();
        Lifetime lifetime =
                new Lifetime(0, freshUntil, freshUntil + Duration.ofSeconds(60).toNanos());
        return new Entry<>("v", names, table.stamp(), lifetime, null);
    }

    private void elapseTrusted(Duration time) {
        ticker.advance(time);
        table.confirm(ticker.read());
    }

    @Test
    void lookup_filled_answersFromHereWithoutAllocating() {
        tier.fill("a", entry(TIME_TO_LIVE, "t:x"));

        Answer<String> answer = Objects.requireNonNull(tier.lookup("a"));

        assertThat(answer.source()).isEqualTo(Source.LOCAL);
        assertThat(answer.entry().value()).isEqualTo("v");
        assertThat(tier.lookup("a")).isSameAs(answer);
        assertThat(tier.lookup("b")).isNull();
    }

    @Test
    void lookup_timeToLiveOver_isNull() {
        tier.fill("a", entry(Duration.ofSeconds(10)));

        elapseTrusted(Duration.ofSeconds(10).minusNanos(1));
        assertThat(tier.lookup("a")).isNotNull();
        elapseTrusted(Duration.ofNanos(1));
        assertThat(tier.lookup("a")).isNull();
    }

    @Test
    void lookup_trustOver_isNullUntilConfirmed() {
        tier.fill("a", entry(TIME_TO_LIVE));
        ticker.advance(Fixtures.BOUND);
        assertThat(tier.lookup("a")).isNull();

        table.confirm(ticker.read());

        assertThat(tier.lookup("a")).isNotNull();
    }

    @Test
    void lookup_invalidated_isNull() {
        tier.fill("a", entry(TIME_TO_LIVE, "t:x"));

        table.apply(1, List.of("t:x"));

        assertThat(tier.lookup("a")).isNull();
    }

    @Test
    void fill_invalidatedSinceItsLoadBegan_isRefused() {
        Entry<String> entry = entry(TIME_TO_LIVE, "t:x");
        table.apply(1, List.of("t:x"));

        assertThat(tier.fill("a", entry)).isFalse();
        assertThat(tier.size()).isZero();
    }

    private LocalTier<String, String> unconfirmedFor(Duration time) {
        return tier(new CacheSettings<>(
                "cache",
                true,
                TIME_TO_LIVE,
                TIME_TO_LIVE,
                TIME_TO_LIVE,
                Duration.ofMinutes(1),
                time,
                0,
                Consistency.BOUNDED,
                100,
                null,
                TIME_TO_LIVE,
                Fixtures.LOADING,
                0,
                null,
                0));
    }

    @Test
    void lookup_trustOverButUnconfirmedAllowed_isStaleUpToThatLong() {
        LocalTier<String, String> lenient = unconfirmedFor(Duration.ofSeconds(30));
        lenient.fill("a", entry(TIME_TO_LIVE));

        ticker.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(Objects.requireNonNull(lenient.lookup("a")).source()).isEqualTo(Source.STALE);
        ticker.advance(Duration.ofNanos(1));
        assertThat(lenient.lookup("a")).isNull();
        table.confirm(ticker.read());
        assertThat(Objects.requireNonNull(lenient.lookup("a")).source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void lookup_unconfirmedPastItsTimeToLive_isNull() {
        LocalTier<String, String> lenient = unconfirmedFor(Duration.ofMinutes(1));
        lenient.fill("a", entry(Duration.ofSeconds(10)));

        ticker.advance(Duration.ofSeconds(10));

        assertThat(lenient.lookup("a")).isNull();
    }

    @Test
    void lookup_unconfirmedAndDistrusted_isNullUntilFilledAgain() {
        LocalTier<String, String> lenient = unconfirmedFor(Duration.ofMinutes(1));
        lenient.fill("a", entry(TIME_TO_LIVE));

        table.distrust();

        assertThat(lenient.lookup("a")).isNull();
        lenient.fill("a", entry(TIME_TO_LIVE));
        assertThat(Objects.requireNonNull(lenient.lookup("a")).source()).isEqualTo(Source.STALE);
    }

    @Test
    void fill_localTimeToLiveShorter_limitsFreshnessOnly() {
        LocalTier<String, String> limited = tier(new CacheSettings<>(
                "cache",
                true,
                TIME_TO_LIVE,
                Duration.ofSeconds(3),
                TIME_TO_LIVE,
                Duration.ofMinutes(1),
                Duration.ZERO,
                0,
                Consistency.BOUNDED,
                100,
                null,
                TIME_TO_LIVE,
                Fixtures.LOADING,
                0,
                null,
                0));
        limited.fill("a", entry(TIME_TO_LIVE));

        elapseTrusted(Duration.ofSeconds(3).minusNanos(1));
        assertThat(limited.lookup("a")).isNotNull();
        elapseTrusted(Duration.ofNanos(1));
        assertThat(limited.lookup("a")).isNull();
        assertThat(limited.stale("a")).isNotNull();
    }

    @Test
    void stale_pastItsTimeToLive_answersAsLongAsUsableAndValid() {
        tier.fill("a", entry(Duration.ofSeconds(10), "t:x"));
        elapseTrusted(Duration.ofSeconds(69));
        assertThat(tier.stale("a")).isNotNull();

        elapseTrusted(Duration.ofSeconds(1));
        assertThat(tier.stale("a")).isNull();
        assertThat(tier.stale("b")).isNull();
    }

    @Test
    void stale_notAllowed_isNull() {
        LocalTier<String, String> strict = tier(Fixtures.settings(TIME_TO_LIVE));
        strict.fill("a", entry(TIME_TO_LIVE));

        assertThat(strict.lookup("a")).isNotNull();
        assertThat(strict.stale("a")).isNull();
    }

    @Test
    void stale_trustOver_stillAnswers() {
        tier.fill("a", entry(TIME_TO_LIVE));
        ticker.advance(Fixtures.BOUND);

        assertThat(tier.lookup("a")).isNull();
        assertThat(tier.stale("a")).isNotNull();
    }

    @Test
    void lookup_deadEntry_forgetsIt() {
        tier.fill("invalidated", entry(TIME_TO_LIVE, "t:x"));
        tier.fill("stale", entry(Duration.ofSeconds(10)));
        tier.fill("untrusted", entry(TIME_TO_LIVE));
        table.apply(1, List.of("t:x"));
        ticker.advance(Duration.ofSeconds(11));

        assertThat(tier.lookup("invalidated")).isNull();
        assertThat(tier.lookup("stale")).isNull();
        assertThat(tier.lookup("untrusted")).isNull();

        assertThat(tier.size()).isEqualTo(2);
    }

    @Test
    void held_validOrNot_isThere() {
        tier.fill("a", entry(TIME_TO_LIVE, "t:x", "t:y"));

        table.apply(1, List.of("t:x"));

        assertThat(tier.held("a")).isNotNull();
        assertThat(tier.held("b")).isNull();
    }

    @Test
    void stale_invalidated_isNull() {
        tier.fill("a", entry(Duration.ofSeconds(10), "t:x"));

        table.apply(1, List.of("t:x"));

        assertThat(tier.stale("a")).isNull();
    }

    @Test
    void fill_cacheIsOff_keepsNothing() {
        mode = SwitchMode.OFF;

        assertThat(tier.fill("a", entry(TIME_TO_LIVE))).isFalse();
        tier.fillStale("b", entry(Duration.ZERO));

        assertThat(tier.size()).isZero();
    }

    @Test
    void lookup_cacheIsOffAndOnAgain_answersWithWhatIsValidStill() {
        tier.fill("a", entry(TIME_TO_LIVE, "t:x"));
        tier.fill("b", entry(TIME_TO_LIVE, "t:y"));
        mode = SwitchMode.OFF;
        assertThat(tier.lookup("a")).isNull();
        assertThat(tier.stale("a")).isNull();
        table.apply(1, List.of("t:x"));

        mode = SwitchMode.ON;

        assertThat(tier.lookup("a")).isNull();
        assertThat(tier.lookup("b")).isNotNull();
    }

    @Test
    void fill_readOnly_keepsWhatItHas() {
        tier.fill("a", entry(TIME_TO_LIVE));
        mode = SwitchMode.READ_ONLY;

        assertThat(tier.fill("b", entry(TIME_TO_LIVE))).isFalse();

        assertThat(tier.lookup("a")).isNotNull();
        assertThat(tier.lookup("b")).isNull();
    }

    @Test
    void removeAndClear_forgetEntries() {
        tier.fill("a", entry(TIME_TO_LIVE));
        tier.fill("b", entry(TIME_TO_LIVE));
        tier.fill("c", entry(TIME_TO_LIVE));

        tier.remove("a");
        assertThat(tier.lookup("a")).isNull();
        assertThat(tier.size()).isEqualTo(2);

        tier.clear();
        assertThat(tier.lookup("b")).isNull();
        assertThat(tier.size()).isZero();
    }

    private Entry<String> versioned(Duration freshFor, String... names) {
        Entry<String> entry = entry(freshFor, names);
        return new Entry<>(
                entry.value(), entry.names(), entry.stamp(), entry.lifetime(), new SourceVersion("v1", null));
    }

    /** Its loader may say that it was not modified. */
    @Test
    void lookup_versionedAndInvalidated_answersNoMoreAndIsStillHeld() {
        tier.fill("a", versioned(TIME_TO_LIVE, "t:x"));
        table.apply(1, List.of("t:x"));

        assertThat(tier.lookup("a")).isNull();
        assertThat(tier.lookup("a")).isNull();

        Entry<String> held = Objects.requireNonNull(tier.held("a"));
        assertThat(held.value()).isEqualTo("v");
        assertThat(Objects.requireNonNull(held.version()).text()).isEqualTo("v1");
        assertThat(tier.stale("a")).isNull();
        assertThat(stats.snapshot().invalidatedEntries()).isEqualTo(1);
    }

    @Test
    void lookup_versionedAndPastItsEnd_answersNoMoreAndIsStillHeld() {
        tier.fill("a", versioned(Duration.ZERO));
        elapseTrusted(Duration.ofSeconds(60));

        assertThat(tier.lookup("a")).isNull();

        assertThat(tier.held("a")).isNotNull();
        assertThat(tier.stale("a")).isNull();
    }

    @Test
    void fillStale_deadVersionedEntryHeld_takesItsPlace() {
        tier.fill("a", versioned(TIME_TO_LIVE, "t:x"));
        table.apply(1, List.of("t:x"));
        assertThat(tier.lookup("a")).isNull();
        Entry<String> stale = entry(Duration.ZERO);

        tier.fillStale("a", stale);

        assertThat(tier.stale("a")).isSameAs(stale);
    }

    @Test
    void fillStale_usableEntryHeld_leavesThat() {
        Entry<String> held = entry(TIME_TO_LIVE);
        tier.fill("a", held);

        tier.fillStale("a", entry(Duration.ZERO));

        assertThat(tier.held("a")).isSameAs(held);
    }
}
