package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that were made from other entries, which may have other tags by the next load: it has to read them. */
class NotModifiedDerivedTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final CacheRegistry registry = registry();
    private final List<Optional<String>> told = new ArrayList<>();
    private int team = 4;
    private final LoadingCache<String, String> base = builder("base")
            .timeToLive(Duration.ofDays(1))
            .build((key, load) -> {
                load.tag(Tag.of("team", team));
                return "base of team " + team;
            });
    private final LoadingCache<String, String> derived = builder("derived")
            .timeToLive(TIME_TO_LIVE)
            .build((key, load) -> {
                told.add(load.lastVersion());
                if (load.lastVersion().isPresent()) {
                    return load.notModified();
                }
                load.version("v1").tag(Tag.of("own", key));
                return "derived from " + base.get(key);
            });

    private CacheRegistry registry() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).namespace("test");
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class)
                .serveStaleFor(Duration.ofHours(1))
                .jitter(0);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void get_madeFromAnother_isNeverToldItsVersion() {
        derived.get("a");
        time.advance(TIME_TO_LIVE);
        derived.get("a");
        derived.invalidateAll();
        derived.get("a");
        derived.refresh("a");

        assertThat(told).hasSize(4).containsOnly(Optional.empty());
        assertThat(derived.stats().notModified()).isZero();
    }

    /** No invalidation tells of that. */
    @Test
    void get_whatItWasMadeFromHasExpiredAndWasLoadedAgain_isInvalidatedByTheNewTag() {
        derived.get("a");
        team = 5;
        time.advance(Duration.ofDays(1));
        base.refresh("a");

        assertThat(derived.get("a")).isEqualTo("derived from base of team 5");
        registry.invalidate(Tag.of("team", 5));

        assertThat(derived.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    /** The other entry carries another tag since, which a value of last time has not. */
    @Test
    void get_whatItWasMadeFromInvalidated_isMadeAgainAndInvalidatedByTheNewTag() {
        derived.get("a");
        team = 5;
        base.invalidate("a");

        assertThat(derived.get("a")).isEqualTo("derived from base of team 5");
        assertThat(told).containsExactly(Optional.empty(), Optional.empty());
        registry.invalidate(Tag.of("team", 5));

        assertThat(derived.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    @Test
    void get_madeFromAnotherThatItSaysItDependsOn_isNeverToldItsVersion() {
        LoadingCache<String, String> declared = builder("declared").build((key, load) -> {
            told.add(load.lastVersion());
            load.version("v1").dependsOn(base, key);
            return "v";
        });
        declared.get("a");
        declared.refresh("a");

        assertThat(told).containsExactly(Optional.empty(), Optional.empty());
    }

    /** Beyond 64 names an entry carries coarser ones. */
    @Test
    void get_madeFromVeryManyOthers_isNeverToldItsVersion() {
        LoadingCache<String, String> many = builder("many").build((key, load) -> {
            told.add(load.lastVersion());
            for (int i = 0; i < 100; i++) {
                load.dependsOn(base, key + i);
            }
            load.version("v1");
            return "v";
        });
        many.get("a");
        many.refresh("a");

        assertThat(told).containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    void get_notModifiedAfterALookAtAnother_isAnsweredAndNotToldItsVersionNextTime() {
        LoadingCache<String, String> looking = builder("looking").build((key, load) -> {
            told.add(load.lastVersion());
            if (load.lastVersion().isPresent()) {
                base.get(key);
                return load.notModified();
            }
            load.version("v1");
            return "v";
        });
        looking.get("a");
        assertThat(looking.refresh("a")).contains("v");
        assertThat(looking.stats().notModified()).isEqualTo(1);
        base.invalidate("a");

        assertThat(looking.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(told).containsExactly(Optional.empty(), Optional.of("v1"), Optional.empty());
    }

    /** Which are all its own, so that the loader vouches for them with the version. */
    @Test
    void get_veryManyTags_canBeNotModifiedAgainAndAgain() {
        LoadingCache<String, String> tagged = builder("tagged").build((key, load) -> {
            told.add(load.lastVersion());
            if (load.lastVersion().isPresent()) {
                return load.notModified();
            }
            for (int i = 0; i < 100; i++) {
                load.tag(Tag.of("tag", i));
            }
            load.version("v1");
            return "v";
        });
        for (int i = 0; i < 3; i++) {
            tagged.get("a");
            registry.invalidate(Tag.of("tag", i));
        }

        assertThat(told).containsExactly(Optional.empty(), Optional.of("v1"), Optional.of("v1"));
    }
}
