package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.JobCall;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.cache.WarmUpException;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.WarmUpReport.Ending;
import dev.millpond.cache.Warmer;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.runtime.spi.ProgressView;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Warm-ups of caches on two nodes over one store. */
@Timeout(30)
class WarmerTest {

    private static final Duration LEASE_TIME = Duration.ofMinutes(10);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Switches switches = Switches.builder().build();
    private final CacheRegistry node = node();
    private final CacheRegistry other = node();
    private final AtomicInteger loads = new AtomicInteger();
    private final HeldLoads held = new HeldLoads(loads);
    private final ConcurrentLinkedQueue<Set<Integer>> bulks = new ConcurrentLinkedQueue<>();
    private final TestThreads threads = new TestThreads();

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).switches(switches);
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void leavesNothingBehind() throws InterruptedException {
        held.release();
        threads.interruptAndJoin();
        node.close();
        other.close();
        switches.close();
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
    }

    private CacheBuilder<String> builder(CacheRegistry registry) {
        return registry.newCache("teams", String.class).leaseTime(LEASE_TIME).jitter(0);
    }

    private LoadingCache<Integer, String> oneByOne(CacheRegistry registry) {
        return builder(registry).build((Integer key) -> "v" + key + "." + loads.incrementAndGet());
    }

    private LoadingCache<Integer, String> bulk(CacheRegistry registry) {
        return builder(registry).buildBulk((Set<Integer> keys) -> {
            bulks.add(Set.copyOf(keys));
            return keys.stream().collect(Collectors.toMap(Function.identity(), key -> "v" + key));
        });
    }

    /** Begins something whose result does not matter. */
    private void hold(Callable<?> call) {
        var unused = threads.begin(call);
    }

    private static Stream<Integer> keys(int count) {
        return IntStream.range(0, count).boxed();
    }

    private static Warmer warmer(LoadingCache<Integer, ?> cache, int count) {
        return cache.warmer(() -> keys(count)).build();
    }

    /** Lets the ticker go on instead of waiting. */
    private WarmerBuilder<Integer, String> pausing(LoadingCache<Integer, String> cache, int count) {
        return new WarmerBuilder<>((TieredLoadingCache<Integer, String>) cache, () -> keys(count))
                .pause(nanos -> time.advance(Duration.ofNanos(nanos)));
    }

    private static WarmUpReport figures(WarmUpReport report) {
        return new WarmUpReport(
                report.warmer(),
                report.ending(),
                report.planned(),
                report.loaded(),
                report.skipped(),
                report.failed(),
                Duration.ZERO,
                0);
    }

    private static WarmUpReport report(Ending ending, int planned, int loaded, int skipped, int failed) {
        return new WarmUpReport("teams", ending, planned, loaded, skipped, failed, Duration.ZERO, 0);
    }

    @Test
    void run_emptyCache_loadsEachKeyOnceAndReadsAreLocal() {
        LoadingCache<Integer, String> cache = oneByOne(node);

        WarmUpReport report = warmer(cache, 250).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 250, 250, 0, 0));
        assertThat(report.bytes()).isPositive();
        assertThat(loads).hasValue(250);
        assertThat(cache.lookup(249)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
    }

    @Test
    void run_bulkLoader_isGivenBatches() {
        LoadingCache<Integer, String> cache = bulk(node);

        WarmUpReport report =
                cache.warmer(() -> keys(250)).batchSize(100).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 250, 250, 0, 0));
        assertThat(bulks).extracting(Set::size).containsExactlyInAnyOrder(100, 100, 50);
    }

    @Test
    void run_whatRedisHas_isTakenFromThereWithoutALoad() {
        warmer(oneByOne(other), 250).run();
        LoadingCache<Integer, String> cache = oneByOne(node);
        loads.set(0);
        store.forgetCommands();

        WarmUpReport report = cache.warmer(() -> keys(250))
                .batchSize(100)
                .concurrency(1)
                .build()
                .run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 250, 0, 250, 0));
        assertThat(loads).hasValue(0);
        assertThat(store.commands()).containsExactly(Command.GET_ALL, Command.GET_ALL, Command.GET_ALL);
        assertThat(cache.lookup(7)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
    }

    @Test
    void run_whatThisProcessHas_isNotLookedUp() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        warmer(cache, 50).run();
        store.forgetCommands();

        WarmUpReport report = warmer(cache, 50).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 50, 0, 50, 0));
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void run_emptyCache_looksEachBatchUpOnce() {
        store.forgetCommands();

        warmer(oneByOne(node), 3).run();

        assertThat(store.count(Command.GET_ALL)).isEqualTo(1);
    }

    @Test
    void run_bulkLoader_looksEachBatchUpOnce() {
        store.forgetCommands();

        warmer(bulk(node), 3).run();

        assertThat(store.count(Command.GET_ALL)).isEqualTo(1);
    }

    @Test
    void run_loadedElsewhereAfterTheLookUp_isTakenFromThere() {
        LoadingCache<Integer, String> there = oneByOne(other);
        LoadingCache<Integer, String> here = builder(node).build((Integer key) -> {
            if (key == 0) {
                there.get(1);
            }
            return "v" + key + "." + loads.incrementAndGet();
        });

        WarmUpReport report = here.warmer(() -> keys(2)).concurrency(1).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 2, 1, 1, 0));
        assertThat(loads).hasValue(2);
        assertThat(here.lookup(1)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
    }

    @Test
    void run_redisBackAfterTheLookUp_getsWhatIsLoadedThen() {
        store.unavailable(true);
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> {
            store.unavailable(false);
            return "v" + key + "." + loads.incrementAndGet();
        });

        cache.warmer(() -> keys(2)).concurrency(1).build().run();

        assertThat(oneByOne(other).lookup(1)).extracting(CacheResult::source).isEqualTo(Source.REMOTE);
        assertThat(loads).hasValue(2);
    }

    @Test
    void run_twoNodesAtOnce_loadEachKeyOnce() throws Exception {
        Warmer here = oneByOne(node).warmer(() -> keys(500)).build();
        Warmer there = oneByOne(other).warmer(() -> keys(500)).build();

        FutureTask<WarmUpReport> second = threads.begin(there::run);
        WarmUpReport first = here.run();

        assertThat(first.loaded() + second.get().loaded()).isEqualTo(500);
        assertThat(loads).hasValue(500);
    }

    @Test
    void run_sourceHasNoValue_remembersThat() {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> {
            loads.incrementAndGet();
            return null;
        });

        WarmUpReport report = warmer(cache, 3).run();

        assertThat(report.loaded()).isEqualTo(3);
        assertThat(cache.find(2)).isEmpty();
        assertThat(loads).hasValue(3);
    }

    @Test
    void run_anyRun_countsLoadsButNeitherHitsNorMisses() {
        LoadingCache<Integer, String> cache = oneByOne(node);

        warmer(cache, 20).run();
        warmer(cache, 20).run();

        CacheStats stats = cache.stats();
        assertThat(stats.requests()).isZero();
        assertThat(stats.loads()).isEqualTo(20);
    }

    @Test
    void run_moreBatchesThanHalfOfThePermits_leavesTheOthersFree() {
        LoadingCache<Integer, String> cache =
                builder(node).maximumConcurrentLoads(8).build((Integer key) -> held.load(key));
        hold(cache.warmer(() -> keys(50)).concurrency(16).batchSize(1).build()::run);

        held.awaitRunning(4);
        hold(() -> cache.get(1000));
        hold(() -> cache.get(1001));
        held.awaitRunning(6);

        assertThat(held.most).hasValue(6);
    }

    @Test
    void run_allPermitsTaken_waitsForCallers() throws Exception {
        LoadingCache<Integer, String> cache =
                builder(node).maximumConcurrentLoads(2).build((Integer key) -> held.load(key));
        hold(() -> cache.get(1000));
        hold(() -> cache.get(1001));
        hold(() -> cache.get(1002)); // waits for a permit
        held.awaitRunning(2);
        AtomicInteger pauses = new AtomicInteger();

        FutureTask<WarmUpReport> warmUp =
                threads.begin(new WarmerBuilder<>((TieredLoadingCache<Integer, String>) cache, () -> keys(1))
                        .pause(nanos -> pauses.incrementAndGet())
                        .build()::run);
        await().until(() -> pauses.get() > 100);

        assertThat(loads).hasValue(2);
        held.release();
        assertThat(warmUp.get().loaded()).isEqualTo(1);
    }

    @Test
    void run_loadsPerSecond_spreadsThem() {
        LoadingCache<Integer, String> cache = oneByOne(node);

        WarmUpReport report =
                pausing(cache, 11).concurrency(1).loadsPerSecond(5).build().run();

        assertThat(report.loaded()).isEqualTo(11);
        assertThat(report.took()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void run_deadline_beginsNoFurtherLoad() {
        LoadingCache<Integer, String> cache = oneByOne(node);

        WarmUpReport report = pausing(cache, 100)
                .concurrency(1)
                .loadsPerSecond(10)
                .deadline(Duration.ofSeconds(1))
                .build()
                .run();

        assertThat(figures(report)).isEqualTo(report(Ending.DEADLINE, 100, 10, 0, 0));
        assertThat(report.left()).isEqualTo(90);
    }

    @Test
    void run_switchedOff_doesNothing() {
        switches.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.NODE, "test");
        LoadingCache<Integer, String> cache = oneByOne(node);

        WarmUpReport report = warmer(cache, 100).run();

        assertThat(figures(report)).isEqualTo(report(Ending.SWITCHED_OFF, 0, 0, 0, 0));
        assertThat(loads).hasValue(0);
    }

    @Test
    void run_switchedOffMeanwhile_ends() {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> {
            if (loads.incrementAndGet() == 3) {
                switches.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.NODE, "test");
            }
            return "v";
        });

        WarmUpReport report =
                cache.warmer(() -> keys(100)).concurrency(1).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.SWITCHED_OFF, 100, 3, 0, 0));
    }

    @Test
    void run_cacheSwitchedToReadOnly_loadsNothing() {
        switches.set(Switch.cache("teams"), SwitchMode.READ_ONLY, SwitchScope.NODE, "test");
        LoadingCache<Integer, String> cache = oneByOne(node);

        WarmUpReport report = warmer(cache, 10).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 10, 0, 10, 0));
        assertThat(loads).hasValue(0);
    }

    private LoadingCache<Integer, String> failingFor(Set<Integer> bad, CacheBuilder<String> builder) {
        return builder.build((Integer key) -> {
            loads.incrementAndGet();
            if (bad.contains(key)) {
                throw new IOException("source");
            }
            return "v" + key;
        });
    }

    @Test
    void run_failuresAccumulated_loadsTheOthers() {
        LoadingCache<Integer, String> cache = failingFor(Set.of(3, 5), builder(node));

        WarmUpReport report = warmer(cache, 10).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 10, 8, 0, 2));
        assertThat(cache.get(9)).isEqualTo("v9");
    }

    @Test
    void run_endsWithFailure_throwsWithCauseAndReport() {
        LoadingCache<Integer, String> cache = failingFor(Set.of(3), builder(node));
        Warmer warmer = cache.warmer(() -> keys(10))
                .concurrency(1)
                .onFailure(OnFailure.FAIL)
                .build();

        assertThatThrownBy(warmer::run)
                .isInstanceOf(WarmUpException.class)
                .hasMessage("Warm-up 'teams' has ended with its first failure, after 3 loads. Choose"
                        + " OnFailure.ACCUMULATE to go on with the other keys.")
                .hasCauseInstanceOf(CacheLoadException.class)
                .asInstanceOf(type(WarmUpException.class))
                .satisfies(e -> assertThat(figures(e.report())).isEqualTo(report(Ending.FAILED, 10, 3, 0, 1)));
    }

    @Test
    void run_loadFailsAndStaleValueIsThere_countsAFailure() {
        Set<Integer> bad = new HashSet<>();
        LoadingCache<Integer, String> cache =
                failingFor(bad, builder(node).timeToLive(Duration.ofMinutes(1)).serveStaleFor(Duration.ofHours(1)));
        warmer(cache, 2).run();
        time.advance(Duration.ofMinutes(2));
        bad.add(1);

        WarmUpReport first = cache.warmer(() -> keys(2)).concurrency(1).build().run();
        int after = loads.get();
        WarmUpReport again = cache.warmer(() -> keys(2)).concurrency(1).build().run();

        assertThat(figures(first)).isEqualTo(report(Ending.COMPLETED, 2, 1, 0, 1));
        assertThat(figures(again)).isEqualTo(report(Ending.COMPLETED, 2, 0, 1, 1));
        assertThat(loads).hasValue(after); // what has just failed is left alone
        assertThat(cache.lookup(1).source()).isEqualTo(Source.STALE);
    }

    @Test
    void run_bulkLoadFails_countsAllItsKeys() {
        LoadingCache<Integer, String> cache = builder(node).buildBulk((Set<Integer> keys) -> {
            if (keys.contains(7)) {
                throw new IOException("source");
            }
            return keys.stream().collect(Collectors.toMap(Function.identity(), key -> "v" + key));
        });

        WarmUpReport report = cache.warmer(() -> keys(30)).batchSize(10).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 30, 20, 0, 10));
    }

    @Test
    void run_keyWithoutText_failsAndTakesNoFurtherKeys() {
        LoadingCache<Object, String> cache = builder(node).build((Object key) -> "v" + loads.incrementAndGet());
        Warmer warmer = cache.warmer(() -> Stream.of(new Object())).build();

        assertThatIllegalArgumentException().isThrownBy(warmer::run).withMessageContaining("has no stable text");
    }

    @Test
    void run_invalidatedDuringALoad_isNotKept() throws Exception {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> held.load(key));
        FutureTask<WarmUpReport> warmUp = threads.begin(warmer(cache, 1)::run);
        held.awaitRunning(1);

        cache.invalidate(0);
        held.release();

        assertThat(warmUp.get().loaded()).isEqualTo(1);
        assertThat(cache.getIfPresent(0)).isEmpty();
    }

    @Test
    void run_loadedByACallerHere_isLeftToIt() throws Exception {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> held.load(key));
        FutureTask<String> read = threads.begin(() -> cache.get(0));
        held.awaitRunning(1);

        WarmUpReport report = warmer(cache, 1).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 1, 0, 1, 0));
        held.release();
        assertThat(read.get()).isEqualTo("v0");
    }

    @Test
    void run_leasedElsewhereAfterTheLookUp_leavesCallersHereToReadForThemselves() throws Exception {
        LoadingCache<Integer, String> there = builder(other).build((Integer key) -> held.load(key));
        LoadingCache<Integer, String> here = oneByOne(node);
        AtomicBoolean first = new AtomicBoolean(true);
        store.before(Command.GET_OR_LEASE_ALL, () -> {
            if (first.getAndSet(false)) {
                hold(() -> there.get(0));
                held.awaitRunning(1);
                hold(() -> here.get(0)); // joins the warm-up
                Thread joined = threads.last();
                await().until(() -> joined.getState() == Thread.State.TIMED_WAITING);
            }
        });

        WarmUpReport report = warmer(here, 1).run();
        held.release();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 1, 0, 1, 0));
        await().until(() -> here.getIfPresent(0).isPresent());
        threads.join();
        assertThat(here.get(0)).isEqualTo("v0");
        assertThat(loads).hasValue(1);
    }

    @Test
    void run_redisAway_fillsThisProcess() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        store.unavailable(true);

        WarmUpReport report = warmer(cache, 10).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 10, 10, 0, 0));
        assertThat(cache.lookup(9)).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
    }

    @Test
    void run_interrupted_endsCancelledAndStaysInterrupted() throws Exception {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> held.load(key));
        AtomicBoolean interrupted = new AtomicBoolean();
        FutureTask<WarmUpReport> warmUp = threads.begin(() -> {
            Thread.currentThread().interrupt();
            WarmUpReport report =
                    cache.warmer(() -> keys(10)).concurrency(1).build().run();
            interrupted.set(Thread.currentThread().isInterrupted());
            return report;
        });
        Thread runner = threads.last();
        // It does not wait before it has seen the interrupt, only for the load after that.
        await().until(() -> warmUp.isDone() || runner.getState() == Thread.State.WAITING);
        held.release();

        assertThat(warmUp.get().ending()).isEqualTo(Ending.CANCELLED);
        assertThat(warmUp.get().loaded()).isLessThanOrEqualTo(1);
        assertThat(interrupted).isTrue();
    }

    @Test
    void run_streamOfUnknownLength_isReadBitByBitAndClosed() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger taken = new AtomicInteger();
        Warmer warmer = cache.warmer(() -> Stream.iterate(0, i -> i + 1)
                        .peek(i -> taken.incrementAndGet())
                        .onClose(() -> closed.set(true)))
                .batchSize(10)
                .concurrency(1)
                .onFailure(OnFailure.FAIL)
                .build();
        JobCall job = new JobCall(30);

        Map<String, Long> counts = job.run(warmer.warmUp());

        assertThat(counts).containsEntry("loaded", 30L).containsEntry("planned", (long) taken.get());
        assertThat(taken.get()).isLessThanOrEqualTo(41);
        assertThat(closed).isTrue();
    }

    @Test
    void warmUp_runAsJob_tellsItsProgressAndItsCounts() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        JobCall job = new JobCall();

        Map<String, Long> counts = job.run(warmer(cache, 20).warmUp());

        assertThat(counts.keySet()).containsExactly("planned", "loaded", "skipped", "failed", "left", "bytes");
        assertThat(counts).containsEntry("loaded", 20L).containsEntry("left", 0L);
        assertThat(job.done()).isEqualTo(20);
        assertThat(job.total()).isEqualTo(20);
    }

    @Test
    void warmUp_endsWithItsFirstFailure_tellsWhatWasDoneUntilThen() {
        JobCall job = new JobCall();
        Job warmUp = failingFor(Set.of(3), builder(node))
                .warmer(() -> keys(10))
                .concurrency(1)
                .onFailure(OnFailure.FAIL)
                .build()
                .warmUp();

        assertThatThrownBy(() -> job.run(warmUp)).isInstanceOf(WarmUpException.class);

        assertThat(job.counts())
                .containsEntry("planned", 10L)
                .containsEntry("loaded", 3L)
                .containsEntry("failed", 1L)
                .containsEntry("left", 6L);
        assertThat(job.stoppedBy()).isEmpty();
    }

    @Test
    void warmUp_keysFailOnTheWay_tellsWhatWasDoneUntilThen() {
        JobCall job = new JobCall();
        Job warmUp = oneByOne(node)
                .warmer(() -> keys(20).peek(key -> {
                    if (key == 15) {
                        throw new IllegalStateException("keys");
                    }
                }))
                .concurrency(1)
                .batchSize(5)
                .build()
                .warmUp();

        assertThatThrownBy(() -> job.run(warmUp)).hasMessage("keys");

        assertThat(job.counts()).containsEntry("loaded", 15L).containsEntry("failed", 0L);
    }

    @Test
    void warmUp_nothingGivesKeys_tellsThatNothingWasDone() {
        JobCall job = new JobCall();
        Job warmUp = oneByOne(node)
                .warmer(() -> {
                    throw new IllegalStateException("keys");
                })
                .build()
                .warmUp();

        assertThatThrownBy(() -> job.run(warmUp)).hasMessage("keys");

        assertThat(job.counts()).containsEntry("planned", 0L).containsEntry("loaded", 0L);
    }

    @Test
    void warmUp_deadline_isSaidToStopTheJob() {
        JobCall job = new JobCall();
        Job warmUp = pausing(oneByOne(node), 100)
                .loadsPerSecond(1)
                .deadline(Duration.ofSeconds(10))
                .build()
                .warmUp();

        Map<String, Long> counts = job.run(warmUp);

        assertThat(counts).hasEntrySatisfying("left", left -> assertThat(left).isPositive());
        assertThat(job.counts()).isEqualTo(counts);
        assertThat(job.stoppedBy()).contains("its deadline of PT10S");
    }

    @Test
    void warmUp_switchedOff_isSaidToStopTheJob() {
        switches.set(Switch.WARM_UP, SwitchMode.OFF, SwitchScope.NODE, "alice");
        JobCall job = new JobCall();

        job.run(warmer(oneByOne(node), 3).warmUp());

        assertThat(job.stoppedBy()).contains("the switch 'warm-up'");
    }

    @Test
    void run_inCode_showsItsProgress() {
        ShownRuns shown = new ShownRuns();
        Warmer warmer = pausing(oneByOne(node), 20).views(shown::begin).build();

        warmer.run();

        assertThat(shown.lines).startsWith("teams").endsWith("20/20", "closed");
    }

    @Test
    void run_fails_isNotShownAnyMore() {
        ShownRuns shown = new ShownRuns();
        Warmer warmer = pausing(failingFor(Set.of(3), builder(node)), 10)
                .views(shown::begin)
                .onFailure(OnFailure.FAIL)
                .build();

        assertThatThrownBy(warmer::run).isInstanceOf(WarmUpException.class);

        assertThat(shown.lines).endsWith("closed");
    }

    /** Writes down what operators are shown. */
    private static final class ShownRuns implements ProgressView {

        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        ProgressView begin(String name) {
            lines.add(name);
            return this;
        }

        @Override
        public void at(long done, long total) {
            lines.add(done + "/" + total);
        }

        @Override
        public void close() {
            lines.add("closed");
        }
    }

    @Test
    void warmUp_anyWarmer_isAJobOfTheStartThatTheSwitchStops() {
        Job job = oneByOne(node).warmer(() -> keys(1)).name("top").build().warmUp();

        assertThat(job.name()).isEqualTo("warm-up:top");
        assertThat(job.isAtStart()).isTrue();
        assertThat(job.isOnEveryNode()).isFalse();
        assertThat(job.neededSwitch()).contains(Switch.WARM_UP);
    }

    @Test
    void refresh_freshEntries_loadsThemAnewAndOtherNodesFindThem() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        warmer(cache, 3).run();
        String before = cache.get(0);

        Map<String, Long> counts = new JobCall().run(warmer(cache, 3).refresh());

        assertThat(counts).containsEntry("loaded", 3L).containsEntry("skipped", 0L);
        assertThat(cache.get(0)).isNotEqualTo(before);
        assertThat(oneByOne(other).lookup(0).value()).contains(cache.get(0));
    }

    @Test
    void refresh_bulkLoader_isGivenBatchesOfFreshKeys() {
        LoadingCache<Integer, String> cache = bulk(node);
        warmer(cache, 20).run();
        bulks.clear();

        Map<String, Long> counts = new JobCall().run(warmer(cache, 20).refresh());

        assertThat(counts).containsEntry("loaded", 20L);
        assertThat(bulks).containsExactly(keys(20).collect(Collectors.toSet()));
    }

    @Test
    void refresh_readMeanwhile_answersAtOnceFromRedis() throws Exception {
        LoadingCache<Integer, String> cache = builder(node)
                .localTimeToLive(Duration.ofSeconds(1))
                .build((Integer key) -> loads.get() == 0 ? "old" + loads.incrementAndGet() : held.load(key));
        cache.get(0);
        time.advance(Duration.ofSeconds(2));
        FutureTask<Map<String, Long>> refresh =
                threads.begin(() -> new JobCall().run(warmer(cache, 1).refresh()));
        held.awaitRunning(1);

        assertThat(cache.lookup(0)).extracting(CacheResult::source).isEqualTo(Source.REMOTE);
        held.release();
        assertThat(refresh.get()).containsEntry("loaded", 1L);
        assertThat(cache.get(0)).isEqualTo("v0");
    }

    @Test
    void refresh_loaderAnswersNotModified_sendsNoPayload() {
        AtomicInteger asked = new AtomicInteger();
        LoadingCache<Integer, String> cache = builder(node).build((Integer key, LoadContext load) -> {
            loads.incrementAndGet();
            if (load.lastVersion().equals(Optional.of("7"))) {
                asked.incrementAndGet();
                return load.notModified();
            }
            load.version("7");
            return "v".repeat(1000) + key;
        });
        warmer(cache, 3).run();
        time.advance(Duration.ofMinutes(4));
        long written = cache.stats().bytesWritten();

        Map<String, Long> counts = new JobCall().run(warmer(cache, 3).refresh());
        time.advance(Duration.ofMinutes(4));

        assertThat(counts).containsEntry("loaded", 3L);
        assertThat(asked).hasValue(3);
        assertThat(cache.stats().bytesWritten() - written).isLessThan(3 * 200);
        assertThat(cache.get(2)).endsWith("v2");
        assertThat(loads).hasValue(6);
    }

    @Test
    void refresh_keyThatCannotBeOne_leavesNoFlightBehind() {
        LoadingCache<Integer, String> cache = bulk(node);
        warmer(cache, 4).run();
        Job refresh =
                cache.warmer(() -> Arrays.asList(1, 2, null).stream()).build().refresh();

        assertThatNullPointerException().isThrownBy(() -> new JobCall().run(refresh));

        assertThat(new JobCall().run(warmer(cache, 4).refresh())).containsEntry("loaded", 4L);
    }

    @Test
    void refresh_anotherNodeLoadsTheKeyAnew_isLeftToIt() throws Exception {
        LoadingCache<Integer, String> there = builder(other)
                .build((Integer key) -> loads.get() == 0 ? "old" + loads.incrementAndGet() : held.load(key));
        there.get(0);
        FutureTask<Map<String, Long>> first =
                threads.begin(() -> new JobCall().run(warmer(there, 1).refresh()));
        held.awaitRunning(1);

        Map<String, Long> second = new JobCall().run(warmer(oneByOne(node), 1).refresh());

        assertThat(second).containsEntry("loaded", 0L).containsEntry("skipped", 1L);
        held.release();
        assertThat(first.get()).containsEntry("loaded", 1L);
        assertThat(loads).hasValue(2);
    }

    @Test
    void getAll_duringARefresh_takesAllFromRedisAtOnce() {
        LoadingCache<Integer, String> cache = builder(node)
                .localTimeToLive(Duration.ofSeconds(1))
                .buildBulk((Set<Integer> keys) -> {
                    if (loads.incrementAndGet() > 1) {
                        held.load(0);
                    }
                    return keys.stream().collect(Collectors.toMap(Function.identity(), key -> "v" + key));
                });
        warmer(cache, 100).run();
        time.advance(Duration.ofSeconds(2));
        hold(() -> new JobCall().run(warmer(cache, 100).refresh()));
        held.awaitRunning(1);
        store.forgetCommands();

        assertThat(cache.getAll(keys(100).toList())).hasSize(100);

        assertThat(store.commands()).containsOnly(Command.GET_ALL);
        assertThat(store.commands()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void run_paceOfAnEndedRun_doesNotHoldOffTheNext() {
        Warmer warmer = pausing(oneByOne(node), 100)
                .concurrency(16)
                .batchSize(1)
                .loadsPerSecond(1)
                .deadline(Duration.ofSeconds(5))
                .build();

        List<Long> loaded = Stream.generate(() -> {
                    time.advance(Duration.ofSeconds(1));
                    return warmer.run().loaded();
                })
                .limit(3)
                .toList();

        assertThat(loaded).allSatisfy(count -> assertThat(count).isBetween(3L, 7L));
    }

    @Test
    void run_permitsTakenForAWhile_makesUpForNoMissedTurn() throws Exception {
        LoadingCache<Integer, String> cache = builder(node)
                .maximumConcurrentLoads(2)
                .build((Integer key) -> key >= 1000 ? held.load(key) : "v" + key);
        hold(() -> cache.get(1000));
        hold(() -> cache.get(1001));
        held.awaitRunning(2);
        AtomicInteger pauses = new AtomicInteger();
        AtomicBoolean goesOn = new AtomicBoolean();
        FutureTask<WarmUpReport> warmUp =
                threads.begin(new WarmerBuilder<>((TieredLoadingCache<Integer, String>) cache, () -> keys(5))
                        .pause(nanos -> {
                            pauses.incrementAndGet();
                            time.advance(Duration.ofNanos(goesOn.get() ? nanos : 0));
                        })
                        .concurrency(4)
                        .batchSize(1)
                        .loadsPerSecond(1)
                        .build()::run);
        await().until(() -> pauses.get() > 10);
        time.advance(Duration.ofSeconds(30));
        held.release();
        goesOn.set(true);

        assertThat(warmUp.get().took()).isGreaterThanOrEqualTo(Duration.ofSeconds(34));
    }

    @Test
    void run_loaderInterrupted_goesOnWithTheOthers() {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> {
            if (key == 3) {
                throw new InterruptedException();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted by another load");
            }
            return "v" + key;
        });

        WarmUpReport report =
                cache.warmer(() -> keys(10)).concurrency(1).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 10, 9, 0, 1));
    }

    @Test
    void warmUp_nothingCouldBeLoaded_failsTheJob() {
        Job job = warmer(failingFor(Set.of(0, 1, 2), builder(node)), 3).warmUp();

        assertThatThrownBy(() -> new JobCall().run(job))
                .isInstanceOf(WarmUpException.class)
                .hasMessage("Warm-up 'teams' could load none of the 3 keys that were to be loaded. The log has the"
                        + " first failure; look at the source.");
    }

    @Test
    void get_joinsABulkLoadThatFails_readsForItself() throws Exception {
        LoadingCache<Integer, String> cache = builder(node).buildBulk((Set<Integer> keys) -> {
            if (keys.size() > 1) {
                held.load(0);
                throw new IOException("one bad key");
            }
            return keys.stream().collect(Collectors.toMap(Function.identity(), key -> "v" + key));
        });
        FutureTask<WarmUpReport> warmUp = threads.begin(warmer(cache, 10)::run);
        held.awaitRunning(1);
        FutureTask<String> joined = threads.begin(() -> cache.get(5));
        Thread reader = threads.last();
        await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

        held.release();

        assertThat(joined.get()).isEqualTo("v5");
        assertThat(warmUp.get().failed()).isEqualTo(10);
    }

    @Test
    void run_inOneProcess_doesNotLoadWhatTheRunHasLoadedByTheWay() {
        try (CacheRegistry alone = new RegistryBuilder().build()) {
            AtomicReference<LoadingCache<Integer, String>> self = new AtomicReference<>();
            self.set(builder(alone).build((Integer key) -> {
                loads.incrementAndGet();
                return key == 0 ? "v" : Objects.requireNonNull(self.get()).get(key - 1);
            }));

            WarmUpReport report = Objects.requireNonNull(self.get())
                    .warmer(() -> keys(50).map(key -> 49 - key))
                    .concurrency(1)
                    .build()
                    .run();

            assertThat(loads).hasValue(50);
            assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 50, 1, 49, 0));
        }
    }

    @Test
    void run_cacheSwitchedOffMeanwhile_loadsNoFurtherKeyOfTheBatch() {
        LoadingCache<Integer, String> cache = builder(node).build((Integer key) -> {
            if (loads.incrementAndGet() == 3) {
                switches.set(Switch.cache("teams"), SwitchMode.OFF, SwitchScope.NODE, "test");
            }
            return "v";
        });

        WarmUpReport report =
                cache.warmer(() -> keys(50)).concurrency(1).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 50, 3, 47, 0));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "3,1", "5,2", "8,4"})
    void run_maximumOfLoads_takesNoMoreThanHalf(int maximum, int atOnce) {
        LoadingCache<Integer, String> cache =
                builder(node).maximumConcurrentLoads(maximum).build((Integer key) -> held.load(key));
        AtomicInteger pauses = new AtomicInteger();
        hold(new WarmerBuilder<>((TieredLoadingCache<Integer, String>) cache, () -> keys(50))
                .pause(nanos -> pauses.incrementAndGet())
                .concurrency(16)
                .batchSize(1)
                .build()::run);

        await().until(() -> held.running.get() == atOnce && pauses.get() > 100);

        assertThat(held.most).hasValue(atOnce);
    }

    @Test
    void run_streamThatGivesNoKey_endsAtItsDeadlineAndBeginsNoLoad() {
        LoadingCache<Integer, String> cache = oneByOne(node);
        Warmer warmer = cache.warmer(
                        () -> Stream.iterate(0, key -> key + 1).peek(key -> time.advance(Duration.ofMillis(1))))
                .batchSize(10_000)
                .deadline(Duration.ofMillis(500))
                .build();

        WarmUpReport report = warmer.run();

        assertThat(report.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(report.planned()).isLessThan(1_000);
        assertThat(loads).hasValue(0);
    }

    @Test
    void run_invalidatedOnAnotherNode_isLoadedAgain() {
        LoadingCache<Integer, String> here = oneByOne(node);
        LoadingCache<Integer, String> there = oneByOne(other);
        warmer(here, 3).run();

        there.invalidate(1);
        WarmUpReport report = warmer(here, 3).run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 3, 1, 2, 0));
    }

    @Test
    void run_sameKeyTwiceInABatch_isLookedAtOnce() {
        LoadingCache<Integer, String> cache = bulk(node);

        WarmUpReport report = cache.warmer(() -> Stream.of(1, 1, 2)).build().run();

        assertThat(figures(report)).isEqualTo(report(Ending.COMPLETED, 3, 2, 1, 0));
        assertThat(bulks).containsExactly(Set.of(1, 2));
    }

    @Test
    void run_ended_leavesNoThread() {
        warmer(oneByOne(node), 3).run();

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millpond-warm-up"));
    }

    @Test
    void run_loadsThatHang_keepTheirPermits() {
        LoadingCache<Integer, String> cache = builder(node)
                .maximumConcurrentLoads(4)
                .hardTimeout(Duration.ofMillis(20))
                .build((Integer key) -> held.loadWhateverComes(key));

        hold(cache.warmer(() -> keys(50)).concurrency(8).batchSize(1).build()::run);
        await().until(() -> cache.stats().loadFailures() == 2);

        assertThat(held.running).hasValue(2);
        assertThat(held.most).hasValue(2);
    }

    @Test
    void build_valueOutOfRange_namesCacheSettingValueAndRule() {
        LoadingCache<Integer, String> cache = oneByOne(node);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.warmer(() -> keys(1)).concurrency(0))
                .withMessage("Warmer of cache 'teams': concurrency is 0, must be from 1 to 64.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.warmer(() -> keys(1)).batchSize(10_001))
                .withMessageContaining("batchSize");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.warmer(() -> keys(1)).loadsPerSecond(0))
                .withMessageContaining("loadsPerSecond");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.warmer(() -> keys(1)).deadline(Duration.ZERO))
                .withMessageContaining("deadline");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.warmer(() -> keys(1)).name("a b"))
                .withMessageContaining("name");
    }

    @Test
    void warmer_registryWithACustomizer_isMadeAsThatSays() {
        List<String> asked = new ArrayList<>();
        CacheRegistry customized = CacheRegistry.builder()
                .warmerCustomizer((cache, builder) -> {
                    asked.add(cache);
                    return builder.name("other");
                })
                .build();

        try (customized) {
            assertThat(warmer(oneByOne(customized), 1).name()).isEqualTo("other");
        }
        assertThat(asked).containsExactly("teams");
    }
}
