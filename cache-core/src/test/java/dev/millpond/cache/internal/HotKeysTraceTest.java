package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hot keys are for: nodes that start in the middle of a real trace, with an empty cache and with one that has read
 * the hot keys in advance, beside a node that goes on.
 */
@Tag("one-jdk")
class HotKeysTraceTest {

    private static final Logger log = LoggerFactory.getLogger(HotKeysTraceTest.class);
    private static final int RESTARTS = 16;

    /** One read of so many, or fewer, is counted at the end of a minute where only a sample is. */
    private static final int SAMPLED = 4;

    private final FakeTicker ticker = new FakeTicker();
    private final List<CacheRegistry> registries = new ArrayList<>();

    @AfterEach
    void close() {
        registries.forEach(CacheRegistry::close);
    }

    private LoadingCache<Integer, Integer> node(Trace trace) {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(ticker);
        CacheRegistry registry = builder.build();
        registries.add(registry);
        return registry.newCache("objects", Integer.class)
                .timeToLive(Duration.ofDays(1))
                .localMaximumSize(trace.kept)
                .hotKeys(trace.kept)
                .build((Integer key) -> key);
    }

    @ParameterizedTest
    @EnumSource
    void warmer_hotKeysOfAnotherNode_bringsTheHitRateBackAtOnce(Trace trace) {
        List<Restart> restarts = replayed(trace, trace.keys());

        double before = mean(restarts, Restart::before);
        double beside = mean(restarts, Restart::beside);
        double cold = mean(restarts, Restart::cold);
        double warmed = mean(restarts, Restart::warmed);
        double sampled = mean(restarts, Restart::sampled);
        log.info(String.format(
                Locale.ROOT,
                "%s: %.1f %% of reads hit in the minute before a restart; in the first minute after it %.1f %% with an"
                        + " empty cache, %.1f %% with hot keys read in advance, %.1f %% with those of a sample, %.1f %% on"
                        + " a node that goes on",
                trace,
                before,
                cold,
                warmed,
                sampled,
                beside));
        assertThat(warmed).isGreaterThan(beside - 3).isGreaterThan(before - 3).isGreaterThan(cold + 10);
        assertThat(sampled).isGreaterThan((cold + warmed) / 2);
    }

    private static double mean(List<Restart> restarts, ToDoubleFunction<Restart> rate) {
        return restarts.stream().mapToDouble(rate).average().orElseThrow();
    }

    /** One node reads the whole trace; others start at regular times and read it for a minute. */
    private List<Restart> replayed(Trace trace, int[] keys) {
        LoadingCache<Integer, Integer> steady = node(trace);
        HotKeyMemory<Integer> sample = sample(trace);
        int reads = trace.readsPerMinute;
        int minutes = keys.length / reads - 1;
        List<Restart> restarts = new ArrayList<>();
        double before = hitRate(steady, keys, 0, reads);
        read(sample, keys, 0, reads);
        for (int minute = 1; minute <= minutes; minute++) {
            endMinute(memory(steady), sample);
            boolean restart = minute % (minutes / RESTARTS) == 0;
            double cold = restart ? hitRate(node(trace), keys, minute * reads, reads) : 0;
            double warmed = restart ? hitRate(warmed(trace, hotKeys(steady)), keys, minute * reads, reads) : 0;
            double sampled = restart ? hitRate(warmed(trace, hotKeys(sample)), keys, minute * reads, reads) : 0;
            double beside = hitRate(steady, keys, minute * reads, reads);
            read(sample, keys, minute * reads, reads);
            if (restart) {
                restarts.add(new Restart(before, beside, cold, warmed, sampled));
            }
            before = beside;
        }
        return restarts;
    }

    /** What the thread that saves hot keys does, but by the time of the trace. */
    private void endMinute(HotKeyMemory<?>... memories) {
        ticker.advance(Duration.ofMinutes(1));
        for (HotKeyMemory<?> memory : memories) {
            memory.save();
        }
    }

    private static HotKeyMemory<Integer> memory(LoadingCache<Integer, Integer> node) {
        return Objects.requireNonNull(((TieredCache<Integer, Integer>) node).parts.hotKeys());
    }

    /** What a node knows that has so much to do that it counts few of its reads. */
    private HotKeyMemory<Integer> sample(Trace trace) {
        KeyText keyText = new KeyText("objects", null);
        CacheSwitch on = new CacheSwitch(() -> SwitchMode.ON, keyText);
        return new HotKeyMemory<>(keyText, trace.kept, trace.readsPerMinute / SAMPLED, on, ticker, null);
    }

    private static void read(HotKeyMemory<Integer> memory, int[] keys, int from, int reads) {
        for (int i = from; i < from + reads; i++) {
            memory.read(keys[i]);
        }
    }

    private static Stream<Integer> hotKeys(LoadingCache<Integer, Integer> node) {
        return node.hotKeys().as(Integer.class).stream();
    }

    private static Stream<Integer> hotKeys(HotKeyMemory<Integer> memory) {
        return memory.mostRead().stream().map(Integer::valueOf);
    }

    private static double hitRate(LoadingCache<Integer, Integer> node, int[] keys, int from, int reads) {
        long before = node.stats().localHits();
        for (int i = from; i < from + reads; i++) {
            node.get(keys[i]);
        }
        return 100.0 * (node.stats().localHits() - before) / reads;
    }

    private LoadingCache<Integer, Integer> warmed(Trace trace, Stream<Integer> hot) {
        LoadingCache<Integer, Integer> node = node(trace);
        assertThat(node.warmer(() -> hot).build().run().failed()).isZero();
        return node;
    }

    /** Percent of reads that a process answered; that of the node that goes on is of before and of the same minute. */
    private record Restart(double before, double beside, double cold, double warmed, double sampled) {}
}
