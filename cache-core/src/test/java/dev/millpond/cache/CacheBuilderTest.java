package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the settings of a cache refuse. */
class CacheBuilderTest {

    private final CacheRegistry registry = CacheRegistry.builder().build();

    @AfterEach
    void close() {
        registry.close();
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("teams", String.class);
    }

    private static Arguments of(String what, Consumer<CacheBuilder<String>> setter) {
        return Arguments.of(what, setter);
    }

    static Stream<Arguments> settings() {
        String bound = "the local bound (localMaximumSize or localMaximumWeight)";
        return Stream.of(
                of("enabled", builder -> builder.enabled(true)),
                of("timeToLive", builder -> builder.timeToLive(Duration.ofMillis(1))),
                of("localTimeToLive", builder -> builder.localTimeToLive(Duration.ofDays(36_500))),
                of("absentTimeToLive", builder -> builder.absentTimeToLive(Duration.ZERO)),
                of("serveStaleFor", builder -> builder.serveStaleFor(Duration.ZERO)),
                of("serveUnconfirmedFor", builder -> builder.serveUnconfirmedFor(Duration.ZERO)),
                of("jitter", builder -> builder.jitter(0.5)),
                of(bound, builder -> builder.localMaximumSize(0)),
                of(bound, builder -> builder.localMaximumWeight(1, String::length)),
                of("leaseTime", builder -> builder.leaseTime(Duration.ofSeconds(1))),
                of("maximumConcurrentLoads", builder -> builder.maximumConcurrentLoads(1)),
                of("failureTimeToLive", builder -> builder.failureTimeToLive(Duration.ZERO)),
                of("softTimeout", builder -> builder.softTimeout(Duration.ofMillis(1))),
                of("hardTimeout", builder -> builder.hardTimeout(Duration.ofMillis(1))),
                of("refreshAhead", builder -> builder.refreshAhead(0)),
                of("slowLoadThreshold", builder -> builder.slowLoadThreshold(Duration.ZERO)),
                of("hotKeys", builder -> builder.hotKeys(0)),
                of("schemaVersion", builder -> builder.schemaVersion(65_535)),
                of("keyFormat", builder -> builder.keyFormat(Object::toString)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void builder_settingGivenTwice_isRefused(String what, Consumer<CacheBuilder<String>> setter) {
        CacheBuilder<String> builder = builder();
        setter.accept(builder);

        assertThatIllegalStateException()
                .isThrownBy(() -> setter.accept(builder))
                .withMessage("Cache 'teams': " + what + " was set twice. Set it once.");
    }

    @Test
    void builder_sizeAndWeight_isRefused() {
        CacheBuilder<String> builder = builder().localMaximumSize(10);

        assertThatIllegalStateException()
                .isThrownBy(() -> builder.localMaximumWeight(10, String::length))
                .withMessage(
                        "Cache 'teams': the local bound (localMaximumSize or localMaximumWeight) was set twice. Set it"
                                + " once.");
    }

    static Stream<Arguments> badValues() {
        String positive = ", must be at least 1 ms. Give a duration such as Duration.ofMinutes(5).";
        String notNegative = ", must be zero or more. Use Duration.ZERO to turn it off.";
        String bounded = ", must be at most 100 years.";
        Duration second = Duration.ofSeconds(-1);
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        return Stream.of(
                of("timeToLive is PT0S" + positive, builder -> builder.timeToLive(Duration.ZERO)),
                of("timeToLive is " + forever + bounded, builder -> builder.timeToLive(forever)),
                of("localTimeToLive is PT-1S" + positive, builder -> builder.localTimeToLive(second)),
                of("absentTimeToLive is PT-1S" + notNegative, builder -> builder.absentTimeToLive(second)),
                of("serveStaleFor is PT-1S" + notNegative, builder -> builder.serveStaleFor(second)),
                of("serveUnconfirmedFor is PT-1S" + notNegative, builder -> builder.serveUnconfirmedFor(second)),
                of("serveStaleFor is " + forever + bounded, builder -> builder.serveStaleFor(forever)),
                of("jitter is 0.51, must be from 0.0 to 0.5.", builder -> builder.jitter(0.51)),
                of("jitter is NaN, must be from 0.0 to 0.5.", builder -> builder.jitter(Double.NaN)),
                of(
                        "localMaximumSize is -1, must be from 0 to 9223372036854775807.",
                        builder -> builder.localMaximumSize(-1)),
                of(
                        "localMaximumWeight is -1, must be from 0 to 9223372036854775807.",
                        builder -> builder.localMaximumWeight(-1, String::length)),
                of("leaseTime is PT0S" + positive, builder -> builder.leaseTime(Duration.ZERO)),
                of(
                        "maximumConcurrentLoads is 0, must be from 1 to 2147483647.",
                        builder -> builder.maximumConcurrentLoads(0)),
                of("failureTimeToLive is PT-1S" + notNegative, builder -> builder.failureTimeToLive(second)),
                of("softTimeout is PT0S" + positive, builder -> builder.softTimeout(Duration.ZERO)),
                of("hardTimeout is PT0S" + positive, builder -> builder.hardTimeout(Duration.ZERO)),
                of("refreshAhead is -1.0, must be from 0.0 to 10.0.", builder -> builder.refreshAhead(-1)),
                of("slowLoadThreshold is PT-1S" + notNegative, builder -> builder.slowLoadThreshold(second)),
                of("hotKeys is -1, must be from 0 to 10000.", builder -> builder.hotKeys(-1)),
                of("hotKeys is 10001, must be from 0 to 10000.", builder -> builder.hotKeys(10_001)),
                of("schemaVersion is -1, must be from 0 to 65535.", builder -> builder.schemaVersion(-1)),
                of("schemaVersion is 65536, must be from 0 to 65535.", builder -> builder.schemaVersion(65_536)));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void builder_badValue_isRefusedWithCacheValueAndRule(String message, Consumer<CacheBuilder<String>> setter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setter.accept(builder()))
                .withMessage("Cache 'teams': " + message);
    }

    @SuppressWarnings("NullAway") // The mistake under test.
    static Stream<Consumer<CacheBuilder<String>>> withoutLoader() {
        return Stream.of(
                builder -> builder.build((CacheLoader<String, String>) null),
                builder -> builder.build((CacheLoader.WithContext<String, String>) null),
                builder -> builder.buildBulk((BulkCacheLoader<String, String>) null));
    }

    @ParameterizedTest
    @MethodSource("withoutLoader")
    void build_loaderIsNull_isRefusedWithTheFix(Consumer<CacheBuilder<String>> build) {
        assertThatNullPointerException()
                .isThrownBy(() -> build.accept(builder()))
                .withMessage("Cache 'teams': loader is null. Give one, or use build().");
    }

    @Test
    void build_softTimeoutNotShorterThanTheHardOne_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder()
                        .softTimeout(Duration.ofSeconds(2))
                        .hardTimeout(Duration.ofSeconds(2))
                        .build())
                .withMessage("Cache 'teams': softTimeout is PT2S, must be shorter than the hardTimeout, PT2S. Give a"
                        + " shorter softTimeout or a longer hardTimeout.");
    }

    @Test
    void build_everySetting_makesAWorkingCache() {
        LoadingCache<Integer, String> cache = builder()
                .enabled(true)
                .timeToLive(Duration.ofDays(36_500))
                .localTimeToLive(Duration.ofDays(36_500))
                .absentTimeToLive(Duration.ofDays(36_500))
                .serveStaleFor(Duration.ofDays(36_500))
                .jitter(0.5)
                .localMaximumWeight(Long.MAX_VALUE, String::length)
                .leaseTime(Duration.ofDays(36_500))
                .maximumConcurrentLoads(Integer.MAX_VALUE)
                .failureTimeToLive(Duration.ofDays(36_500))
                .softTimeout(Duration.ofMillis(1))
                .hardTimeout(Duration.ofDays(36_500))
                .refreshAhead(10)
                .slowLoadThreshold(Duration.ofDays(36_500))
                .hotKeys(10_000)
                .schemaVersion(65_535)
                .keyFormat(key -> "key " + key)
                .build((Integer key) -> "team " + key);

        assertThat(cache.name()).isEqualTo("teams");
        assertThat(cache.get(39)).isEqualTo("team 39");
        assertThat(cache.lookup(39).fromCache()).isTrue();
    }
}
