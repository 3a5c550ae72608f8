package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.RedisNodes;
import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several nodes whose one entry is near its end at the same moment; the test holds the load that replaces it. */
@Tag("one-jdk")
@Timeout(60)
class RefreshAheadIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final int NODES = 3;
    private static final int READERS_OF_A_NODE = 4;
    private static final int EXPIRIES = 3;
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);
    private static final Duration LOAD_TIME = Duration.ofSeconds(1);

    /** With the number drawn below, all reads are early from about half a load time before the end. */
    private static final double DRAWN = 0.4;

    private static final Duration NEAR_THE_END = Duration.ofMillis(200);

    private final FakeTicker time = new FakeTicker();
    private final RedisNodes nodes = new RedisNodes(redis.url(), "ahead");
    private final ThreadPoolExecutor background = (ThreadPoolExecutor) Executors.newFixedThreadPool(2 * NODES);
    private final ExecutorService readers = Executors.newFixedThreadPool(NODES * READERS_OF_A_NODE);
    private final AtomicInteger loads = new AtomicInteger();
    private volatile @Nullable HeldLoads held;

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @AfterEach
    void close() {
        nodes.close();
        background.shutdownNow();
        readers.shutdownNow();
    }

    /** Starts a node whose reads are early, since it knows from a key of its own how long loads take. */
    private LoadingCache<String, String> node(int number) {
        RegistryBuilder builder = new RegistryBuilder().random(() -> DRAWN);
        builder.redis(nodes.connect()).namespace("ahead").ticker(time).clock(time);
        builder.stalenessBound(Duration.ofDays(1)).executor(background);
        CacheRegistry registry = nodes.keep(builder.build());
        await().until(() -> registry.invalidationStats().trusted());
        LoadingCache<String, String> cache = registry.newCache("cache", String.class)
                .timeToLive(TIME_TO_LIVE)
                .slowLoadThreshold(Duration.ZERO)
                .refreshAhead(1)
                .jitter(0)
                .build(this::load);
        cache.get("of node " + number);
        return cache;
    }

    private String load(String key) throws InterruptedException {
        HeldLoads holding = held;
        if (holding == null) {
            time.advance(LOAD_TIME);
            return "v0";
        }
        holding.load(key);
        return "v" + loads.get();
    }

    /** Has every node read by all of its readers, and returns what they were answered. */
    private List<String> readOnAll(List<LoadingCache<String, String>> caches) throws Exception {
        List<Callable<String>> reads = new ArrayList<>();
        caches.forEach(cache -> IntStream.range(0, READERS_OF_A_NODE).forEach(i -> reads.add(() -> cache.get("a"))));
        return readers.invokeAll(reads, 10, TimeUnit.SECONDS).stream()
                .map(RefreshAheadIT::answer)
                .toList();
    }

    private static String answer(Future<String> read) {
        try {
            return read.isCancelled() ? "waited for the load" : read.get();
        } catch (InterruptedException | ExecutionException e) {
            return e.toString();
        }
    }

    /** Waits until every attempt to load it anew has ended, but for so many. */
    private void awaitAttempts(int underWay) {
        await().until(() -> background.getQueue().isEmpty() && background.getActiveCount() == underWay);
    }

    @Test
    void get_entryNearItsEndOnAllNodes_isLoadedOnceInTheFleetAndNoReaderWaits() throws Exception {
        List<LoadingCache<String, String>> caches =
                IntStream.range(0, NODES).mapToObj(this::node).toList();
        caches.get(0).get("a");
        assertThat(readOnAll(caches)).containsOnly("v0");

        for (int expiry = 1; expiry <= EXPIRIES; expiry++) {
            HeldLoads holding = new HeldLoads(loads);
            held = holding;
            long attempts = background.getTaskCount();
            time.advance(TIME_TO_LIVE.minus(NEAR_THE_END));

            assertThat(readOnAll(caches)).containsOnly("v" + (expiry - 1));
            holding.awaitRunning(1);
            assertThat(readOnAll(caches)).containsOnly("v" + (expiry - 1));
            awaitAttempts(1);

            assertThat(background.getTaskCount() - attempts).isGreaterThanOrEqualTo(NODES);
            assertThat(loads).hasValue(expiry);
            holding.release();
            String loaded = "v" + expiry;
            await().untilAsserted(() -> assertThat(readOnAll(caches)).containsOnly(loaded));
            awaitAttempts(0);
            assertThat(loads).hasValue(expiry);
        }
        assertThat(caches.stream()
                        .mapToLong(cache -> cache.stats().refreshesAhead())
                        .sum())
                .isEqualTo(EXPIRIES);
    }
}
