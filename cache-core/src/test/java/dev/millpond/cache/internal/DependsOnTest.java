package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loaders that read another cache on a thread of their own, on a node that may not keep what it reads there. */
class DependsOnTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Switches switches = Switches.builder().build();
    private final CacheRegistry here = node();
    private final CacheRegistry there = node();
    private int team = 4;

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.ticker(time).clock(time).namespace("test").switches(switches);
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private CacheBuilder<String> builder(CacheRegistry node) {
        return node.newCache("base", String.class).timeToLive(TIME_TO_LIVE).jitter(0);
    }

    private LoadingCache<String, String> versioned(CacheBuilder<String> builder) {
        return builder.build((key, load) -> {
            load.tag(Tag.of("team", team)).version("v" + team);
            return "team " + team;
        });
    }

    private LoadingCache<String, String> derivedFrom(LoadingCache<String, String> base) {
        return here.newCache("derived", String.class).build((String key, LoadContext load) -> {
            String read = CompletableFuture.supplyAsync(() -> base.get(key)).join();
            load.dependsOn(base, key);
            return "from " + read;
        });
    }

    private void keepNothingOfTheBase() {
        switches.set(Switch.cache("base"), SwitchMode.READ_ONLY, SwitchScope.NODE, "alice");
    }

    private void keepWhatComes() {
        switches.takeBack(Switch.cache("base"), SwitchScope.NODE, "alice");
    }

    private void assertInvalidatedByTheNewTag(
            LoadingCache<String, String> base, LoadingCache<String, String> baseThere) {
        base.get("a");
        time.advance(TIME_TO_LIVE);
        team = 5;
        assertThat(baseThere.refresh("a")).contains("team 5");
        LoadingCache<String, String> derived = derivedFrom(base);
        keepNothingOfTheBase();
        assertThat(derived.get("a")).isEqualTo("from team 5");
        keepWhatComes();
        assertThat(derived.lookup("a").source()).isEqualTo(Source.LOCAL);

        there.invalidate(Tag.of("team", 5));

        assertThat(derived.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    /** It is kept here for the sake of its version alone. */
    @Test
    void dependsOn_entryHereHasExpired_takesTheTagsOfTheOneInRedis() {
        assertInvalidatedByTheNewTag(versioned(builder(here)), versioned(builder(there)));
    }

    /** It would answer if the loader failed, which does not say that it has answered. */
    @Test
    void dependsOn_entryHereIsStale_takesTheTagsOfTheOneInRedis() {
        Duration staleFor = Duration.ofHours(1);
        assertInvalidatedByTheNewTag(
                versioned(builder(here).serveStaleFor(staleFor)),
                versioned(builder(there).serveStaleFor(staleFor)));
    }
}
