package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.RedisExtension;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Very many invalidations of one node at the same moment, each on a thread of its own. */
class InvalidationBurstIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Logger log = LoggerFactory.getLogger(InvalidationBurstIT.class);

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "burst");

    private final Set<Integer> changed = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void flush() {
        redis.server().flush();
    }

    /** Redis pauses for a moment, so that all are there before the first is answered. */
    @ParameterizedTest
    @ValueSource(ints = {100, 300})
    void invalidate_manyThreadsAtOnce_noneFailsAndTheyShareAFewScripts(int threads) throws Exception {
        List<Integer> keys = IntStream.range(0, threads).boxed().toList();
        CacheRegistry node = nodes.start();
        LoadingCache<Integer, String> here = rows(node);
        LoadingCache<Integer, String> there = rows(nodes.start());
        warmUp(keys, here, node);
        long flushes = node.invalidationStats().flushes();
        assertThat(here.getAll(keys)).isEqualTo(there.getAll(keys));
        redis.server().command("CONFIG", "RESETSTAT");

        long slowest = atOnce(keys, key -> {
            changed.add(key);
            here.invalidate(key);
        });

        long scripts = calls("evalsha");
        long removals = calls("unlink");
        log.info(
                "{} invalidations at once: the slowest took {} ms; {} scripts, {} removals",
                threads,
                slowest,
                scripts,
                removals);
        InvalidationStats stats = node.invalidationStats();
        assertThat(stats.pending()).as("not sent").isZero();
        assertThat(stats.flushes()).as("times that the node trusted nothing").isEqualTo(flushes);
        assertThat(stats.trusted()).isTrue();
        assertThat(here.getAll(keys).values()).containsOnly("new");
        await().untilAsserted(() -> assertThat(there.getAll(keys).values()).containsOnly("new"));
        assertThat(scripts).as("scripts").isLessThan(threads);
        assertThat(removals).as("removals").isLessThan(threads);
    }

    /** Code that runs for the first time is too slow for this. */
    private static void warmUp(List<Integer> keys, LoadingCache<Integer, String> cache, CacheRegistry node)
            throws Exception {
        for (int i = 0; i < 2; i++) {
            atOnce(keys, cache::invalidate);
            await().until(() -> node.invalidationStats().trusted()
                    && node.invalidationStats().pending() == 0);
        }
    }

    private LoadingCache<Integer, String> rows(CacheRegistry node) {
        return node.newCache("rows", String.class)
                .buildBulk((Set<Integer> keys) -> keys.stream()
                        .collect(Collectors.toMap(key -> key, key -> changed.contains(key) ? "new" : "old")));
    }

    /** Returns how many milliseconds the slowest took. */
    private static long atOnce(List<Integer> keys, Consumer<Integer> action) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(keys.size());
        CountDownLatch ready = new CountDownLatch(keys.size());
        CountDownLatch go = new CountDownLatch(1);
        try {
            List<Future<Long>> begun = keys.stream()
                    .map(key -> threads.submit(() -> timed(ready, go, () -> action.accept(key))))
                    .toList();
            ready.await();
            redis.server().command("CLIENT", "PAUSE", "50");
            go.countDown();
            long slowest = 0;
            for (Future<Long> each : begun) {
                slowest = Math.max(slowest, each.get(30, TimeUnit.SECONDS));
            }
            return slowest;
        } finally {
            threads.shutdown();
        }
    }

    private static long timed(CountDownLatch ready, CountDownLatch go, Runnable action) throws InterruptedException {
        ready.countDown();
        go.await();
        long begun = System.nanoTime();
        action.run();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private static long calls(String command) {
        String stats = String.valueOf(redis.server().command("INFO", "commandstats"));
        Matcher calls = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(stats);
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
}
