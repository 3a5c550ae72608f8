package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that were made from other entries, and are "not modified" without a look at those. */
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
    void get_notModified_isStillInvalidatedByWhatItWasMadeFrom() {
        derived.get("a");
        time.advance(TIME_TO_LIVE);
        derived.get("a");
        assertThat(told).containsExactly(Optional.empty(), Optional.of("v1"));

        base.invalidate("a");
        derived.get("a");

        assertThat(told).hasSize(3);
    }

    @Test
    void get_notModified_isStillInvalidatedByTheTagsOfWhatItWasMadeFrom() {
        derived.get("a");
        time.advance(TIME_TO_LIVE);
        derived.get("a");

        registry.invalidate(Tag.of("team", 4));
        derived.get("a");

        assertThat(told).hasSize(3);
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
    void get_itselfInvalidatedAlone_canBeNotModified() {
        derived.get("a");
        derived.invalidateAll();

        assertThat(derived.get("a")).isEqualTo("derived from base of team 4");

        assertThat(told).containsExactly(Optional.empty(), Optional.of("v1"));
    }

    /** After what there is was found valid, and before the load has begun. */
    @Test
    void get_whatItWasMadeFromInvalidatedBetweenLookAndLoad_isMadeAgain() {
        derived.get("a");
        time.advance(TIME_TO_LIVE);
        store.beforeNext(Command.REPLACE_PREFIXES, () -> {
            team = 5;
            base.invalidate("a");
        });

        assertThat(derived.get("a")).isEqualTo("derived from base of team 5");

        assertThat(told).containsExactly(Optional.empty(), Optional.empty());
    }

    /** Beyond 64 names an entry carries coarser ones, which say nothing of single tags. */
    @Test
    void get_tooManyTagsAndOneInvalidated_isMadeAgain() {
        LoadingCache<String, String> tagged = builder("tagged").build((key, load) -> {
            told.add(load.lastVersion());
            for (int i = 0; i < 100; i++) {
                load.tag(Tag.of("tag", i));
            }
            load.version("v1");
            return "v";
        });
        tagged.get("a");
        registry.invalidate(Tag.of("tag", 7));
        tagged.get("a");

        assertThat(told).containsExactly(Optional.empty(), Optional.empty());
    }
}
