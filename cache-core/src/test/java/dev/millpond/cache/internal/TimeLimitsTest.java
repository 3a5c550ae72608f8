package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.internal.Bulkhead.Permit;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TimeLimitsTest {

    private final FakeTicker time = new FakeTicker();
    private final TagTable table = Fixtures.table(time);
    private final StatsCounter stats = new StatsCounter();
    private final CacheSettings<String> settings = settings(Duration.ofMinutes(10));
    private final Bulkhead bulkhead = new Bulkhead(Fixtures.CACHE, 1, stats);
    private final Request<String> request = Fixtures.request("a", table.stamp());

    private static CacheSettings<String> settings(Duration hardTimeout) {
        return Fixtures.settings(
                Duration.ofMinutes(1),
                new LoadSettings(1, Duration.ZERO, Duration.ZERO, null, hardTimeout, 0, Duration.ofMillis(100)));
    }

    private LoadAttempt attempt() {
        EarlyExpiry early = new EarlyExpiry(0, () -> 0.5);
        EntryFactory entries = new EntryFactory(settings, time, time, () -> 0.5);
        FailedLoads failures = new FailedLoads(settings, table, time);
        return new Loads(settings, entries, table, time, failures, early, stats, new ObservedLoads(null, time))
                .attempt(List.of(request));
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

    /** Timers end in their order, so the first one has ended when the second one has. */
    @Test
    void begin_loaderReturnsInTime_isLeftToStoreWhatItHas() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch tooLate = new CountDownLatch(1);
        AtomicBoolean inTimeFailed = new AtomicBoolean();
        TimeLimits limits = new TimeLimits(settings(Duration.ofMillis(1)), load -> {
            Thread thread = new Thread(load);
            thread.setDaemon(true);
            thread.start();
        });
        LoadAttempt inTime = attempt();
        inTime.end();
        try (Permit permit = Objects.requireNonNull(bulkhead.tryEnter())) {
            limits.begin(permit, inTime, () -> await(goOn), failure -> inTimeFailed.set(true));
            limits.begin(permit, attempt(), () -> await(goOn), failure -> tooLate.countDown());
        }

        tooLate.await();
        assertThat(inTimeFailed).isFalse();
        assertThat(stats.snapshot().loadFailures()).isEqualTo(1);
        goOn.countDown();
    }

    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // the second one is interrupted
            }
        }
    }

    @Test
    void patience_staleValueIsThere_isNone() {
        TimeLimits limits = new TimeLimits(settings, Runnable::run);

        assertThat(limits.patience(true)).isZero();
        assertThat(limits.patience(false)).isEqualTo(Duration.ofMinutes(10));
    }
}
