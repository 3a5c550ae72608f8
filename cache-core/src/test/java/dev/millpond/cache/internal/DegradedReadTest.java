package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.spi.LookupListener.Lookup;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers say that Redis could not be asked, and which do not. */
class DegradedReadTest {

    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Switches switches = Switches.builder().build();
    private final CacheRegistry registry = registry();
    private final AtomicInteger loads = new AtomicInteger();
    private final List<Lookup> told = new ArrayList<>();
    private boolean failing;

    private CacheRegistry registry() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).switches(switches);
        return builder.build(store, log.node(), BOUND);
    }

    @BeforeEach
    void listen() {
        registry.addLookupListener(told::add);
    }

    @AfterEach
    void close() {
        registry.close();
        switches.close();
    }

    private String load(String key) {
        loads.incrementAndGet();
        if (failing) {
            throw new IllegalStateException("down");
        }
        return key;
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("cache", String.class).timeToLive(TIME_TO_LIVE).jitter(0);
    }

    private LoadingCache<String, String> cache() {
        return builder().build(this::load);
    }

    private static void assertAnswer(CacheResult<?> answer, Source source, boolean degraded) {
        assertThat(answer.source()).isEqualTo(source);
        assertThat(answer.degraded()).isEqualTo(degraded);
    }

    private void assertTold(Source source, boolean degraded) {
        assertThat(told).isNotEmpty().allSatisfy(lookup -> {
            assertThat(lookup.source()).isEqualTo(source);
            assertThat(lookup.degraded()).isEqualTo(degraded);
        });
    }

    @Test
    void lookup_redisAnswers_isNotDegraded() {
        LoadingCache<String, String> cache = cache();

        assertAnswer(cache.lookup("a"), Source.LOADER, false);
        assertAnswer(cache.lookup("a"), Source.LOCAL, false);
    }

    @Test
    void lookup_redisDoesNotAnswer_isADegradedLoad() {
        LoadingCache<String, String> cache = cache();
        store.unavailable(true);

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
        assertTold(Source.LOADER, true);
    }

    @Test
    void lookup_redisDoesNotAnswerWithinTheBound_isAnOrdinaryAnswerOfThisProcess() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        store.unavailable(true);
        time.advance(BOUND.minusNanos(1));

        assertAnswer(cache.lookup("a"), Source.LOCAL, false);
    }

    @Test
    void lookup_redisGoesAwayBeforeTheLease_isADegradedLoad() {
        LoadingCache<String, String> cache = cache();
        store.failing(InMemoryCacheStore.Command.GET_OR_LEASE);

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
    }

    /** Redis has told that there is nothing: it would have been loaded in any case. */
    @Test
    void lookup_redisGoesAwayBeforeTheStore_isAnOrdinaryLoad() {
        LoadingCache<String, String> cache = cache();
        store.failing(InMemoryCacheStore.Command.PUT_IF);

        assertAnswer(cache.lookup("a"), Source.LOADER, false);
    }

    @Test
    void lookup_pastTheBound_isADegradedLoad() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        time.advance(BOUND);

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
    }

    @Test
    void lookup_pastTheBoundOnAThreadOfItsOwn_isADegradedLoad() {
        LoadingCache<String, String> cache =
                builder().hardTimeout(Duration.ofMinutes(1)).build(this::load);
        time.advance(BOUND);

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
    }

    @Test
    void lookup_strictCacheCannotCheck_isADegradedLoad() {
        SilentLog silent = new SilentLog(time);
        try (CacheRegistry node = AssembledRegistry.of(time, store, silent.node())) {
            LoadingCache<String, String> strict = node.newCache("strict", String.class)
                    .consistency(Consistency.STRICT)
                    .build(this::load);
            strict.get("a");
            assertAnswer(strict.lookup("a"), Source.REMOTE, false);
            silent.answers = false;

            assertAnswer(strict.lookup("a"), Source.LOADER, true);
        }
    }

    @Test
    void lookup_pastTheBoundAndTheLoaderFails_isDegradedAndStale() {
        LoadingCache<String, String> cache =
                builder().serveStaleFor(Duration.ofHours(1)).build(this::load);
        cache.get("a");
        time.advance(BOUND);
        failing = true;
        told.clear();

        assertAnswer(cache.lookup("a"), Source.STALE, true);
        assertTold(Source.STALE, true);
    }

    @Test
    void lookup_redisAnswersAndTheLoaderFails_isStaleAndNotDegraded() {
        LoadingCache<String, String> cache =
                builder().serveStaleFor(Duration.ofHours(1)).build(this::load);
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        log.confirm();
        failing = true;

        assertAnswer(cache.lookup("a"), Source.STALE, false);
    }

    @Test
    void lookup_unconfirmed_isDegradedAndStaleUpToTheLimitAndThenLoaded() {
        Duration limit = Duration.ofSeconds(30);
        LoadingCache<String, String> cache =
                builder().serveUnconfirmedFor(limit).build(this::load);
        cache.get("a");
        time.advance(BOUND);

        assertAnswer(cache.lookup("a"), Source.STALE, true);
        time.advance(limit.minus(BOUND).minusNanos(1));
        assertAnswer(cache.lookup("a"), Source.STALE, true);
        assertThat(loads).hasValue(1);

        time.advance(Duration.ofNanos(1));
        assertAnswer(cache.lookup("a"), Source.LOADER, true);
        assertThat(loads).hasValue(2);
    }

    /** The limit counts from the last proof, not from the load. */
    @Test
    void lookup_loadedMeanwhile_isUnconfirmedToTheSameLimit() {
        Duration limit = Duration.ofSeconds(30);
        LoadingCache<String, String> cache =
                builder().serveUnconfirmedFor(limit).build(this::load);
        time.advance(limit.minusSeconds(1));
        assertAnswer(cache.lookup("a"), Source.LOADER, true);
        assertAnswer(cache.lookup("a"), Source.STALE, true);

        time.advance(Duration.ofSeconds(1));

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
        assertThat(loads).hasValue(2);
    }

    @Test
    void lookup_unconfirmedPastItsTimeToLive_isLoaded() {
        LoadingCache<String, String> cache =
                builder().serveUnconfirmedFor(Duration.ofHours(1)).build(this::load);
        cache.get("a");
        time.advance(TIME_TO_LIVE);

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
    }

    @Test
    void lookup_unconfirmedPastTheLimitAndTheLoaderFails_throws() {
        LoadingCache<String, String> cache =
                builder().serveUnconfirmedFor(Duration.ofSeconds(30)).build(this::load);
        cache.get("a");
        time.advance(Duration.ofSeconds(30));
        failing = true;

        assertThatThrownBy(() -> cache.lookup("a")).isInstanceOf(CacheLoadException.class);
    }

    @Test
    void getAll_pastTheBound_tellsListenersOfDegradedLoads() {
        LoadingCache<String, String> cache = cache();
        time.advance(BOUND);

        cache.getAll(List.of("a", "b"));
        cache.batch().getAll(Stream.of("c", "d"), (key, value) -> {});

        assertThat(told).hasSize(4);
        assertTold(Source.LOADER, true);
    }

    private LoadingCache<String, String> bulk() {
        return builder()
                .serveStaleFor(Duration.ofHours(1))
                .buildBulk((Set<String> keys) -> keys.stream().collect(Collectors.toMap(key -> key, this::load)));
    }

    /** Reads again what has just failed, which is not loaded again. */
    private void getAllTwice(LoadingCache<String, String> cache) {
        failing = true;
        told.clear();
        cache.getAll(List.of("a", "b"));
        int before = loads.get();
        cache.getAll(List.of("a", "b"));

        assertThat(loads).hasValue(before);
        assertThat(told).hasSize(4);
    }

    @Test
    void getAll_pastTheBoundAndTheLoaderFails_tellsListenersOfDegradedStaleAnswers() {
        LoadingCache<String, String> cache = bulk();
        cache.getAll(List.of("a", "b"));
        time.advance(BOUND);

        getAllTwice(cache);

        assertTold(Source.STALE, true);
    }

    @Test
    void getAll_redisAnswersAndTheLoaderFails_tellsListenersOfOrdinaryStaleAnswers() {
        LoadingCache<String, String> cache = bulk();
        cache.getAll(List.of("a", "b"));
        time.advance(TIME_TO_LIVE);
        log.confirm();

        getAllTwice(cache);

        assertTold(Source.STALE, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "local-only", "read-only"})
    void lookup_switchedToLess_isNotDegraded(String mode) {
        LoadingCache<String, String> cache = cache();
        switches.set(Switch.cache("cache"), SwitchMode.parse(mode), SwitchScope.NODE, "alice");

        assertAnswer(cache.lookup("a"), Source.LOADER, false);
        cache.getAll(List.of("b", "c"));
        assertTold(Source.LOADER, false);
    }

    @Test
    void lookup_readOnlyAndRedisDoesNotAnswer_isADegradedLoad() {
        LoadingCache<String, String> cache = cache();
        switches.set(Switch.cache("cache"), SwitchMode.READ_ONLY, SwitchScope.NODE, "alice");
        store.unavailable(true);

        assertAnswer(cache.lookup("a"), Source.LOADER, true);
    }

    @Test
    void lookup_withoutRedis_isNotDegraded() {
        try (CacheRegistry alone = CacheRegistry.builder().build()) {
            assertAnswer(alone.newCache("cache", String.class).build(this::load).lookup("a"), Source.LOADER, false);
        }
    }
}
