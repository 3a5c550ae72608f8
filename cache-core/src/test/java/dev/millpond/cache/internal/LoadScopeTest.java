package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.Fixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadScopeTest {

    private final TagTable table = Fixtures.table(new FakeTicker());
    private final CacheRegistry registry = CacheRegistry.builder().build();

    @AfterEach
    void close() {
        registry.close();
        assertThat(LoadScope.active()).isFalse();
    }

    private static LoadScope open(String... names) {
        return LoadScope.open(Set.of(names));
    }

    private Entry<String> carrying(String... names) {
        return entry("v", table.stamp(), names);
    }

    @Test
    void active_onlyWhileOpen() {
        assertThat(LoadScope.active()).isFalse();
        LoadScope scope = open("k:a:1");
        assertThat(LoadScope.active()).isTrue();

        scope.close();

        assertThat(LoadScope.active()).isFalse();
    }

    @Test
    void record_insideALoad_addsAllThatTheEntryCarries() {
        LoadScope scope = open("k:a:1");

        LoadScope.record(carrying("k:b:1", "c:b", "t:x"));
        LoadScope.record(carrying("k:b:2", "c:b"));

        assertThat(scope.names()).containsExactlyInAnyOrder("k:b:1", "c:b", "t:x", "k:b:2");
        scope.close();
    }

    @Test
    void record_outsideOfLoads_isHarmless() {
        LoadScope.record(carrying("k:b:1"));

        assertThat(LoadScope.active()).isFalse();
    }

    @Test
    void record_nestedLoad_belongsToTheInnerOneOnly() {
        LoadScope outer = open("k:a:1");
        LoadScope.record(carrying("t:before"));
        LoadScope inner = open("k:b:1");
        LoadScope.record(carrying("t:inner"));
        inner.close();
        LoadScope.record(carrying("t:after"));

        assertThat(inner.names()).containsExactly("t:inner");
        assertThat(outer.names()).containsExactlyInAnyOrder("t:before", "t:after");
        outer.close();
    }

    @Test
    void loading_entriesOfThisAndOuterLoads_isTrue() {
        LoadScope outer = open("k:a:1", "k:a:2");
        LoadScope inner = open("k:b:1");

        assertThat(LoadScope.loading("k:b:1")).isTrue();
        assertThat(LoadScope.loading("k:a:1")).isTrue();
        assertThat(LoadScope.loading("k:a:2")).isTrue();
        assertThat(LoadScope.loading("k:c:1")).isFalse();
        inner.close();
        assertThat(LoadScope.loading("k:b:1")).isFalse();
        assertThat(LoadScope.loading("k:a:1")).isTrue();
        outer.close();
        assertThat(LoadScope.loading("k:a:1")).isFalse();
    }

    @Test
    void open_loadOnAnotherThread_isNotSeenHere() throws Exception {
        LoadScope scope = open("k:a:1");
        FutureTask<Boolean> other = new FutureTask<>(() -> {
            boolean seen = LoadScope.active() || LoadScope.loading("k:a:1");
            LoadScope.record(carrying("t:other"));
            return seen;
        });
        Thread thread = new Thread(other);
        thread.start();

        assertThat(other.get()).isFalse();
        assertThat(scope.names()).isEmpty();
        scope.close();
        thread.join();
    }

    @Test
    void tag_several_addsTheirNames() {
        LoadScope scope = open("k:a:1");

        LoadContext same = scope.tag(Tag.of("league", 39), new Tag("x y"));

        assertThat(same).isSameAs(scope);
        assertThat(scope.names()).containsExactlyInAnyOrder("t:league:39", "t:x%20y");
        scope.close();
    }

    @Test
    void dependsOn_cacheOfARegistry_addsEntryAndCache() {
        Cache<Integer, String> teams = registry.newCache("teams", String.class).build();
        LoadScope scope = open("k:a:1");

        scope.dependsOn(teams, 39);

        assertThat(scope.names()).containsExactlyInAnyOrder("k:teams:39", "c:teams");
        scope.close();
    }

    @Test
    @SuppressWarnings("unchecked") // A proxy has no type arguments.
    void dependsOn_foreignCache_isRefused() {
        Cache<Integer, String> foreign = (Cache<Integer, String>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Cache.class}, (p, m, a) -> "foreign");
        LoadScope scope = open("k:a:1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope.dependsOn(foreign, 1))
                .withMessage(
                        "Cache 'foreign' was not made by a CacheRegistry, so nothing can depend on it. Use a cache of"
                                + " the same registry.");
        scope.close();
    }

    @Test
    void timeToLive_notGiven_isNull() {
        LoadScope scope = open("k:a:1");

        assertThat(scope.timeToLive()).isNull();
        scope.timeToLive(Duration.ofSeconds(3));
        assertThat(scope.timeToLive()).isEqualTo(Duration.ofSeconds(3));
        scope.close();
    }

    @Test
    void timeToLive_negative_isRefused() {
        LoadScope scope = open("k:a:1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope.timeToLive(Duration.ofSeconds(-1)))
                .withMessage(
                        "Time to live given by the loader is PT-1S, must be zero or more. Use Duration.ZERO to turn it"
                                + " off.");
        scope.close();
    }
}
