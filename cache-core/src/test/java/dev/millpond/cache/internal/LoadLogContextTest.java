package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadObservations;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** In which logging context loads run that a request begins, on whichever thread. */
@Timeout(30)
class LoadLogContextTest {

    private static final String KEY = "correlationId";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private final FakeTicker time = new FakeTicker();
    private final TestObservationRegistry observations = TestObservationRegistry.create();
    private final CacheRegistry registry = registry();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private Duration loadTime = Duration.ZERO;

    private CacheRegistry registry() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.random(() -> 0.4).ticker(time).clock(time).loadObserver(new LoadObservations(observations));
        return builder.build();
    }

    @BeforeEach
    void receiveRequest() {
        MDC.put(KEY, "order-7");
    }

    @AfterEach
    void close() {
        MDC.clear();
        goOn.countDown();
        registry.close();
    }

    private String load(Object key) {
        time.advance(loadTime);
        seen.add(MDC.get(KEY) + (Thread.currentThread().getName().startsWith("millpond") ? " elsewhere" : " here"));
        return "v" + key;
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("cache", String.class).timeToLive(TIME_TO_LIVE).jitter(0);
    }

    @Test
    void get_limitedLoad_runsInTheContextOfItsCaller() {
        builder().hardTimeout(LONG).build(this::load).get("a");

        assertThat(seen).containsExactly("order-7 elsewhere");
    }

    @Test
    void get_threadOfAnEarlierRequest_runsInTheContextOfTheLaterOne() {
        LoadingCache<String, String> cache = builder().hardTimeout(LONG).build(this::load);
        cache.get("a");
        MDC.put(KEY, "order-8");
        cache.get("b");
        MDC.clear();
        cache.get("c");

        assertThat(seen).containsExactly("order-7 elsewhere", "order-8 elsewhere", "null elsewhere");
    }

    @Test
    void getAll_limitedBulkLoad_runsInTheContextOfItsCaller() {
        builder()
                .hardTimeout(LONG)
                .buildBulk((Set<String> keys) -> keys.stream().collect(Collectors.toMap(key -> key, this::load)))
                .getAll(List.of("a"));

        assertThat(seen).containsExactly("order-7 elsewhere");
    }

    @Test
    void get_loadInsideALimitedLoad_runsInTheContextOfTheOuterCaller() {
        LoadingCache<String, String> inner =
                registry.newCache("inner", String.class).hardTimeout(LONG).build(this::load);

        builder().hardTimeout(LONG).build((String key) -> inner.get(key)).get("a");

        assertThat(seen).containsExactly("order-7 elsewhere");
    }

    @Test
    void getAsync_miss_runsInTheContextOfItsCaller() {
        builder().build(this::load).getAsync("a").join();

        assertThat(seen).containsExactly("order-7 elsewhere");
    }

    @Test
    void get_nearTheEnd_loadsAnewInTheContextOfItsReader() {
        loadTime = Duration.ofSeconds(1);
        LoadingCache<String, String> cache =
                builder().slowLoadThreshold(Duration.ZERO).refreshAhead(1).build(this::load);
        cache.get("a");
        time.advance(TIME_TO_LIVE.minusMillis(500));
        MDC.put(KEY, "order-8");

        cache.get("a");

        await().until(() -> seen.size() == 2);
        assertThat(seen).containsExactly("order-7 here", "order-8 elsewhere");
    }

    @Test
    void get_slowLimitedLoad_isLoggedInTheContextOfItsCaller() {
        loadTime = Duration.ofSeconds(1);
        LoadingCache<String, String> cache = builder().hardTimeout(LONG).build(this::load);
        try (RecordedLog log = new RecordedLog("SlowLoads")) {
            cache.get("a");

            assertThat(log.contexts(KEY)).containsExactly("order-7");
        }
    }

    /** Its caller has its stale answer, and has gone on. */
    @Test
    void get_slowLoadPastItsSoftTimeout_isLoggedInTheContextOfItsCaller() {
        CountDownLatch first = new CountDownLatch(1);
        LoadingCache<String, String> cache = builder()
                .serveStaleFor(LONG)
                .softTimeout(Duration.ofMillis(1))
                .build((String key) -> {
                    if (first.getCount() == 0) {
                        goOn.await();
                        time.advance(Duration.ofSeconds(1));
                    }
                    first.countDown();
                    return load(key);
                });
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        try (RecordedLog log = new RecordedLog("SlowLoads")) {
            assertThat(cache.lookup("a").source()).isEqualTo(Source.STALE);
            MDC.put(KEY, "order-8");
            goOn.countDown();

            await().untilAsserted(() -> assertThat(log.contexts(KEY)).containsExactly("order-7"));
        }
    }

    /** The load never ends: the timer of the process tells of it. */
    @Test
    void get_loadPastItsHardTimeout_isLoggedInTheContextOfItsCaller() {
        LoadingCache<String, String> cache = builder()
                .hardTimeout(Duration.ofSeconds(1))
                .build((String key) -> {
                    time.advance(Duration.ofSeconds(1));
                    goOn.await();
                    return load(key);
                });
        try (RecordedLog log = new RecordedLog("SlowLoads")) {
            assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);

            await().untilAsserted(() -> assertThat(log.contexts(KEY)).containsExactly("order-7"));
        }
    }

    @Test
    void get_limitedLoadWithinAnObservation_isItsChildAndHasTheContext() {
        Observation request = Observation.start("request", observations);
        LoadingCache<String, String> cache = builder().hardTimeout(LONG).build(this::load);

        Objects.requireNonNull(request.scoped(() -> cache.get("a")));

        assertThat(seen).containsExactly("order-7 elsewhere");
        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo("millpond.cache.load")
                .that()
                .hasParentObservationEqualTo(request)
                .hasBeenStopped();
    }
}
