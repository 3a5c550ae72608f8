package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Warm-ups during which another node changes a key, between the look-up of its batch and its turn to be loaded. */
@Timeout(30)
class WarmerOvertakenTest {

    private static final Tag GROUP = Tag.of("group", "a");
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);

    private final FakeTicker time = new FakeTicker();
    private final SilentLog log = new SilentLog(time);
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final CacheRegistry node = AssembledRegistry.of(time, store, log.node());
    private final CacheRegistry other = AssembledRegistry.of(time, store, log.node());
    private final AtomicInteger loads = new AtomicInteger();
    private Consistency consistency = Consistency.BOUNDED;
    private Runnable meanwhile = () -> {};

    @AfterEach
    void close() {
        node.close();
        other.close();
    }

    private LoadingCache<String, String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class)
                .consistency(consistency)
                .timeToLive(TIME_TO_LIVE)
                .serveStaleFor(Duration.ofHours(1))
                .jitter(0)
                .build((String key, LoadContext load) -> {
                    load.tag(GROUP);
                    if (key.equals("first")) {
                        meanwhile.run();
                    }
                    return key + loads.incrementAndGet();
                });
    }

    /** Warms two keys, of which the second is changed while the first one is loaded. */
    private static WarmUpReport warm(LoadingCache<String, String> cache) {
        return cache.warmer(() -> Stream.of("first", "second"))
                .concurrency(1)
                .build()
                .run();
    }

    /** Strict readers may join its load, and must not get from it what was invalidated before they came. */
    @Test
    void run_strictAndLoadedAndInvalidatedElsewhere_isLoaded() {
        consistency = Consistency.STRICT;
        LoadingCache<String, String> here = cache(node);
        LoadingCache<String, String> there = cache(other);
        meanwhile = () -> {
            there.get("second");
            other.invalidate(GROUP);
        };

        assertThat(warm(here).loaded()).isEqualTo(2);
    }

    @Test
    void run_loadedElsewhereAndLogLostFromSight_isNotTakenFromThere() {
        LoadingCache<String, String> here = cache(node);
        LoadingCache<String, String> there = cache(other);
        meanwhile = () -> {
            there.get("second");
            time.advance(Duration.ofMillis(500));
        };
        time.advance(Duration.ofMillis(1_500));

        assertThat(warm(here).loaded()).isEqualTo(2);
    }

    @Test
    void run_invalidAndReplacedElsewhereAndInvalidatedAgain_isLoaded() {
        LoadingCache<String, String> here = cache(node);
        LoadingCache<String, String> there = cache(other);
        there.get("second");
        node.invalidate(GROUP);
        meanwhile = () -> {
            other.invalidate(GROUP);
            there.get("second");
            node.invalidate(GROUP);
        };

        assertThat(warm(here).loaded()).isEqualTo(2);
    }

    @Test
    void run_pastItsTimeToLiveAndReplacedElsewhere_isTakenFromThere() {
        LoadingCache<String, String> here = cache(node);
        LoadingCache<String, String> there = cache(other);
        there.get("second");
        time.advance(TIME_TO_LIVE.plusMillis(1));
        meanwhile = () -> there.get("second");

        assertThat(warm(here).loaded()).isEqualTo(1);
        assertThat(here.lookup("second")).extracting(CacheResult::source).isEqualTo(Source.LOCAL);
    }
}
