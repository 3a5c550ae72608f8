package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.WarmUpReport.Ending;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Warm-ups of a node that has just started and knows nothing of its invalidation log yet. */
@Timeout(30)
class WarmerAtStartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FakeTicker time = new FakeTicker();
    private final LateLog log = new LateLog();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final CacheRegistry node = AssembledRegistry.of(time, store, log);
    private final LoadingCache<Integer, String> cache =
            node.newCache("teams", String.class).build((Integer key) -> "v" + key);

    @AfterEach
    void close() {
        node.close();
    }

    /** Tells what it knows when the test says so. */
    private final class LateLog extends ForwardingLog {

        private @Nullable Follower follower;

        private LateLog() {
            super(new LocalInvalidationLog(time));
        }

        @Override
        public void start(Follower newFollower) {
            follower = newFollower;
        }

        private void arrive() {
            Objects.requireNonNull(follower).reset("e1", 0);
            Objects.requireNonNull(follower).confirm(time.read());
        }
    }

    private static Stream<Integer> keys() {
        return IntStream.range(0, 3).boxed();
    }

    /** Lets the ticker go on instead of waiting. */
    private WarmerBuilder<Integer, String> warmer(Supplier<Stream<Integer>> keys) {
        return new WarmerBuilder<>((TieredLoadingCache<Integer, String>) cache, keys)
                .pause(nanos -> time.advance(Duration.ofNanos(nanos)));
    }

    private WarmerBuilder<Integer, String> warmerWhileLogArrivesAfter(Duration delay) {
        long arrival = time.read() + delay.toNanos();
        return warmer(WarmerAtStartTest::keys).pause(nanos -> {
            time.advance(Duration.ofNanos(nanos));
            if (time.read() >= arrival && !node.invalidationStats().trusted()) {
                log.arrive();
            }
        });
    }

    @Test
    void run_logIsReadMeanwhile_keepsWhatItLoads() {
        WarmUpReport report =
                warmerWhileLogArrivesAfter(Duration.ofSeconds(1)).build().run();

        assertThat(report.took()).isEqualTo(Duration.ofSeconds(1));
        assertThat(report.loaded()).isEqualTo(3);
        assertThat(cache.lookup(2)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
        assertThat(store.keys()).hasSize(3);
    }

    /** The most read keys are asked from Redis. */
    @Test
    void run_logIsNotReadYet_doesNotAskForKeys() {
        AtomicReference<Instant> asked = new AtomicReference<>();

        warmer(() -> {
                    asked.set(time.instant());
                    return keys();
                })
                .build()
                .run();

        assertThat(asked).hasValue(FakeTicker.START.plus(PATIENCE));
    }

    @Test
    void run_logIsNotRead_goesOnAfterFiveSeconds() {
        WarmUpReport report = warmer(WarmerAtStartTest::keys).build().run();

        assertThat(report.took()).isEqualTo(PATIENCE);
        assertThat(report.loaded()).isEqualTo(3);
    }

    @Test
    void run_logIsNotReadUntilTheDeadline_ends() {
        WarmUpReport report = warmer(WarmerAtStartTest::keys)
                .deadline(Duration.ofSeconds(1))
                .build()
                .run();

        assertThat(report.took()).isEqualTo(Duration.ofSeconds(1));
        assertThat(report.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(report.planned()).isZero();
    }

    @Test
    void run_interruptedBeforeTheLogIsRead_endsAtOnce() {
        Thread.currentThread().interrupt();
        WarmUpReport report = warmer(WarmerAtStartTest::keys).build().run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.took()).isZero();
    }

    /** Redis may stay away for long, and the caches go on without it. */
    @Test
    void run_logIsLostFromSightLater_doesNotWait() {
        log.arrive();
        time.advance(Duration.ofHours(1));

        WarmUpReport report = warmer(WarmerAtStartTest::keys).build().run();

        assertThat(report.took()).isZero();
        assertThat(report.loaded()).isEqualTo(3);
    }
}
