package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loaders that answer "not modified", in one process. */
class NotModifiedTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private final FakeTicker time = new FakeTicker();
    private final CacheRegistry registry = registry();
    private final VersionedSource source = new VersionedSource();

    private CacheRegistry registry() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time);
        return builder.build();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class).timeToLive(TIME_TO_LIVE).jitter(0);
    }

    private LoadingCache<String, String> cache() {
        return builder("cache").build(source::load);
    }

    @Test
    void get_firstLoad_isToldOfNoVersion() {
        cache().get("a");

        assertThat(source.lastVersions).containsExactly(Optional.empty());
    }

    @Test
    void get_pastTheTimeToLiveAndNotModified_isFreshAgainWithTheSameValue() {
        LoadingCache<String, String> cache = cache();
        String first = cache.get("a");
        time.advance(TIME_TO_LIVE);

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(cache.get("a")).isSameAs(first);
        time.advance(TIME_TO_LIVE.minusNanos(1));
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);

        assertThat(source.told()).contains("v1");
        assertThat(source.fullLoads).isEqualTo(1);
        assertThat(cache.stats().notModified()).isEqualTo(1);
        assertThat(cache.stats().loads()).isEqualTo(2);
    }

    @Test
    void get_notModifiedAgainAndAgain_keepsTheVersion() {
        LoadingCache<String, String> cache = cache();
        for (int i = 0; i < 4; i++) {
            cache.get("a");
            time.advance(TIME_TO_LIVE);
        }

        assertThat(source.lastVersions)
                .containsExactly(Optional.empty(), Optional.of("v1"), Optional.of("v1"), Optional.of("v1"));
        assertThat(source.fullLoads).isEqualTo(1);
    }

    @Test
    void get_modified_hasTheNewValueAndVersion() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        source.change("v2", "two");

        assertThat(cache.get("a")).isEqualTo("two");
        time.advance(TIME_TO_LIVE);
        cache.get("a");

        assertThat(source.told()).contains("v2");
        assertThat(cache.stats().notModified()).isEqualTo(1);
    }

    @Test
    void refresh_notModified_beginsTheTimeToLiveAnew() {
        LoadingCache<String, String> cache = cache();
        String first = cache.get("a");
        time.advance(TIME_TO_LIVE.dividedBy(2));

        assertThat(cache.refresh("a")).containsSame(first);
        time.advance(TIME_TO_LIVE.minusNanos(1));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void getAll_notModified_isToldTheVersionOfEachKey() {
        LoadingCache<String, String> cache = cache();
        cache.getAll(List.of("a", "b"));
        time.advance(TIME_TO_LIVE);

        assertThat(cache.getAll(List.of("a", "b", "c"))).isEqualTo(Map.of("a", "one", "b", "one", "c", "one"));

        assertThat(source.lastVersions.subList(2, 5))
                .containsExactly(Optional.of("v1"), Optional.of("v1"), Optional.empty());
        assertThat(cache.stats().notModified()).isEqualTo(2);
    }

    @Test
    void get_loaderOfTheCaller_isToldTheVersionToo() {
        var cache = builder("per-call").<String>build();
        cache.lookup("a", source::load);
        time.advance(TIME_TO_LIVE);

        assertThat(cache.lookup("a", source::load).value()).contains("one");

        assertThat(source.told()).contains("v1");
    }

    /** An invalidation is a reason to ask; what comes of it is as new as any load. */
    @Test
    void get_tagInvalidatedAndNotModified_isKept() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        registry.invalidate(VersionedSource.TAG);

        assertThat(cache.get("a")).isEqualTo("one");
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);

        assertThat(source.lastVersions).containsExactly(Optional.empty(), Optional.of("v1"));
    }

    /** The loader that answers early names nothing. */
    @Test
    void get_notModified_isInvalidatedByTheTagsOfLastTime() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        cache.get("a");
        registry.invalidate(VersionedSource.TAG);
        source.change("v2", "two");

        assertThat(cache.get("a")).isEqualTo("two");
    }

    @Test
    void get_notModifiedAndTagged_isInvalidatedByThatTagToo() {
        Tag another = Tag.of("tag", 2);
        LoadingCache<String, String> cache = builder("tagged").build((key, load) -> {
            if (load.lastVersion().isPresent()) {
                load.tag(another);
            }
            return source.load(key, load);
        });
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        cache.get("a");
        registry.invalidate(another);
        source.change("v2", "two");

        assertThat(cache.get("a")).isEqualTo("two");
    }

    @Test
    void get_invalidatedDuringANotModifiedLoad_isAnsweredOnceAndNotKept() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        source.meanwhile = () -> {
            source.meanwhile = () -> {};
            source.change("v2", "two");
            registry.invalidate(VersionedSource.TAG);
        };

        assertThat(cache.get("a")).isEqualTo("one");
        assertThat(cache.get("a")).isEqualTo("two");
    }

    @Test
    void get_keyInvalidated_hasNoLastVersion() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        cache.invalidate("a");

        cache.get("a");

        assertThat(source.told()).isEmpty();
    }

    @Test
    void get_putSince_hasNoLastVersion() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        cache.put("a", "put");
        time.advance(TIME_TO_LIVE);

        cache.get("a");

        assertThat(source.told()).isEmpty();
    }

    @Test
    void get_cacheIsOff_hasNoLastVersion() {
        LoadingCache<String, String> cache = builder("off").enabled(false).build(source::load);
        cache.get("a");

        cache.get("a");

        assertThat(source.told()).isEmpty();
    }

    @Test
    void find_absentWithAVersion_canBeNotModified() {
        LoadingCache<String, String> cache =
                builder("absent").absentTimeToLive(Duration.ofSeconds(10)).build(source::load);
        source.change("none", null);
        assertThat(cache.find("a")).isEmpty();
        time.advance(Duration.ofSeconds(10));

        assertThat(cache.find("a")).isEmpty();
        time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(cache.find("a")).isEmpty();

        assertThat(source.lastVersions).containsExactly(Optional.empty(), Optional.of("none"));
        assertThat(cache.stats().notModified()).isEqualTo(1);
    }

    @Test
    void get_timeToLiveGivenWithNotModified_counts() {
        LoadingCache<String, String> cache = builder("short").build((key, load) -> {
            load.timeToLive(Duration.ofSeconds(load.lastVersion().isPresent() ? 5 : 60));
            return source.load(key, load);
        });
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        cache.get("a");
        time.advance(Duration.ofSeconds(5));

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    @Test
    void get_anotherVersionGivenWithNotModified_isTheNextLastVersion() {
        LoadingCache<String, String> cache = builder("renamed").build((key, load) -> {
            String value = source.load(key, load);
            if (load.lastVersion().isPresent()) {
                load.version("v1-weak");
            }
            return value;
        });
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        cache.get("a");

        assertThat(source.told()).contains("v1-weak");
    }

    /** What is made from the value of last time depends on what that was made from, and is another value. */
    @Test
    void get_loaderMakesSomethingElseOfTheLastValue_keepsItsNamesAndNotItsVersion() {
        LoadingCache<String, String> cache = builder("changed").build((key, load) -> {
            source.load(key, load);
            return load.lastVersion().isPresent() ? load.<String>notModified() + "!" : "one";
        });
        cache.get("a");
        time.advance(TIME_TO_LIVE);

        assertThat(cache.get("a")).isEqualTo("one!");
        assertThat(cache.stats().notModified()).isZero();
        registry.invalidate(VersionedSource.TAG);
        cache.get("a");
        assertThat(source.lastVersions).containsExactly(Optional.empty(), Optional.of("v1"), Optional.empty());
    }

    @Test
    void notModified_noLastVersion_isRefused() {
        LoadingCache<String, String> cache = builder("rash").build((key, load) -> load.notModified());

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The loader of cache 'rash' answered notModified(), but there is no value with a version that"
                                + " this could mean. Call it only if lastVersion() is present.");
        assertThat(cache.stats().notModified()).isZero();
    }

    private void assertRefused(String version, String message) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        LoadingCache<String, String> cache = builder("cache").build((String key, LoadContext load) -> {
            try {
                load.version(version);
            } catch (IllegalArgumentException e) {
                failure.set(e);
            }
            return "v";
        });
        cache.get("a");

        assertThat(failure.get()).hasMessage(message);
    }

    @Test
    void version_empty_isRefused() {
        assertRefused(
                "",
                "Version given by the loader of cache 'cache' has 0 bytes of UTF-8, must have from 1 to 256. Give a digest"
                        + " of a longer one.");
    }

    @Test
    void version_moreThan256Bytes_isRefused() {
        assertRefused(
                "\u00fc".repeat(128) + 'x',
                "Version given by the loader of cache 'cache' has 257 bytes of UTF-8, must have from 1 to 256. Give a digest"
                        + " of a longer one.");
    }

    @Test
    void version_halfOfASurrogatePair_isRefused() {
        assertRefused(
                "v\ud83d",
                "Version given by the loader of cache 'cache' has half of a surrogate pair, which UTF-8 cannot write. Give a"
                        + " text such as an ETag.");
    }

    @Test
    void get_deadEntryWithAVersion_isCountedAsInvalidatedOnce() {
        LoadingCache<String, String> cache = cache();
        cache.get("a");
        registry.invalidate(VersionedSource.TAG);

        assertThat(cache.getIfPresent("a")).isEmpty();
        assertThat(cache.getIfPresent("a")).isEmpty();

        assertThat(cache.stats().invalidatedEntries()).isEqualTo(1);
    }
}
