package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.internal.RecordedLog;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes known of loads that take long. */
class SlowLoadTest {

    /** What {@code printf ann@example.com | openssl dgst -sha256 -binary | head -c 16 | basenc --base64url} says. */
    private static final String DIGEST = "cdT1X3L6Eo37RooaOQFQfA";

    private static final String ADVICE =
            " ms. Make its loader faster, or raise the threshold. All are counted. Logged once per minute.";

    private final FakeTicker time = new FakeTicker();
    private final CacheRegistry registry =
            CacheRegistry.builder().ticker(time).clock(time).build();
    private RecordedLog log;

    @BeforeEach
    void record() {
        log = new RecordedLog("SlowLoads");
    }

    @AfterEach
    void close() {
        registry.close();
        log.close();
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("people", String.class);
    }

    private LoadingCache<String, String> taking(CacheBuilder<String> builder, Duration duration) {
        return builder.build((String key) -> {
            time.advance(duration);
            return "Ann";
        });
    }

    @Test
    void get_loadTakesTheThreshold_isCountedAndLoggedWithoutTheKey() {
        LoadingCache<String, String> cache = taking(builder(), Duration.ofMillis(100));

        cache.get("ann@example.com");

        assertThat(cache.stats().slowLoads()).isEqualTo(1);
        assertThat(log.lines())
                .containsExactly("WARN Cache 'people' took 100 ms to load the key with the digest " + DIGEST
                        + ", its slowLoadThreshold is 100" + ADVICE);
    }

    @Test
    void get_loadIsFaster_isNeitherCountedNorLogged() {
        LoadingCache<String, String> cache =
                taking(builder(), Duration.ofMillis(100).minusNanos(1));

        cache.get("ann@example.com");

        assertThat(cache.stats().slowLoads()).isZero();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void get_manySlowLoads_areCountedEachAndLoggedOncePerMinute() {
        LoadingCache<String, String> cache = taking(builder(), Duration.ofSeconds(20));

        List.of("a", "b", "c", "d").forEach(cache::get);

        assertThat(cache.stats().slowLoads()).isEqualTo(4);
        assertThat(log.lines()).hasSize(2);
    }

    @Test
    void get_slowLoadFails_isCountedAndLogged() {
        LoadingCache<String, String> cache = builder().build((String key) -> {
            time.advance(Duration.ofSeconds(3));
            throw new IOException("down");
        });

        assertThatThrownBy(() -> cache.get("ann@example.com")).isInstanceOf(CacheLoadException.class);

        assertThat(cache.stats().slowLoads()).isEqualTo(1);
        assertThat(log.lines()).singleElement().asString().startsWith("WARN Cache 'people' took 3000 ms to load");
    }

    @Test
    void getAll_slowBulkLoad_isOneOfSoManyKeys() {
        LoadingCache<String, String> cache = builder().buildBulk((Set<String> keys) -> {
            time.advance(Duration.ofSeconds(1));
            return Map.of("ann@example.com", "Ann");
        });

        cache.getAll(List.of("ann@example.com", "bob@example.com"));

        assertThat(cache.stats().slowLoads()).isEqualTo(1);
        assertThat(log.lines())
                .containsExactly("WARN Cache 'people' took 1000 ms to load 2 keys, first the key with the digest "
                        + DIGEST + ", its slowLoadThreshold is 100" + ADVICE);
    }

    @Test
    void slowLoadThreshold_given_isTheCachesOwn() {
        LoadingCache<String, String> cache =
                taking(builder().slowLoadThreshold(Duration.ofSeconds(2)), Duration.ofSeconds(1));

        cache.get("a");

        assertThat(cache.stats().slowLoads()).isZero();
    }

    @Test
    void slowLoadThreshold_zero_noLoadIsSlow() {
        LoadingCache<String, String> cache = taking(builder().slowLoadThreshold(Duration.ZERO), Duration.ofHours(1));

        cache.get("a");

        assertThat(cache.stats().slowLoads()).isZero();
        assertThat(log.lines()).isEmpty();
    }
}
