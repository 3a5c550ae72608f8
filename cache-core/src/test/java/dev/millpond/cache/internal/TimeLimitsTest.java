package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {

    private final FakeTicker time = new FakeTicker();
    private final TagTable table = Fixtures.table(time);
    private final StatsCounter stats = new StatsCounter();
    private final CacheSettings<String> settings = Fixtures.settings(
            Duration.ofMinutes(1),
            new LoadSettings(1, Duration.ZERO, Duration.ZERO, null, Duration.ofMinutes(10), 0, Duration.ofMillis(100)));
    private final Bulkhead bulkhead = new Bulkhead(Fixtures.CACHE, 1, stats);
    private final Request<String> request = Fixtures.request("a", table.stamp());

    private LoadAttempt attempt() {
        EarlyExpiry early = new EarlyExpiry(0, () -> 0.5);
        EntryFactory entries = new EntryFactory(settings, time, time, () -> 0.5);
        FailedLoads failures = new FailedLoads(settings, table, time);
        return new Loads(settings, entries, table, time, failures, early, stats).attempt(List.of(request));
    }

    @Test
    void call_noThreadCanBegin_saysSoAndGivesThePermitBack() {
        OutOfMemoryError failure = new OutOfMemoryError("unable to create native thread");
        TimeLimits limits = new TimeLimits(settings, load -> {
            throw failure;
        });
        try (Permit permit = Objects.requireNonNull(bulkhead.tryEnter())) {
            assertThatThrownBy(() -> limits.call(permit, attempt(), () -> "v")).isSameAs(failure);
        }

        assertThat(bulkhead.tryEnter()).isNotNull();
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
    }

    @Test
    void call_permitIsNone_runsOnTheThreadOfTheCaller() {
        TimeLimits limits = new TimeLimits(settings, load -> {
            throw new AssertionError("no thread");
        });

        assertThat(limits.<Thread>call(Permit.NONE, attempt(), Thread::currentThread))
                .isEqualTo(Thread.currentThread());
    }

    @Test
    void patience_staleValueIsThere_isNone() {
        TimeLimits limits = new TimeLimits(settings, Runnable::run);

        assertThat(limits.patience(true)).isZero();
        assertThat(limits.patience(false)).isEqualTo(Duration.ofMinutes(10));
    }
}
