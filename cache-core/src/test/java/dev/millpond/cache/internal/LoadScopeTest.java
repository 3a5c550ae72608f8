package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.Fixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.testkit.FakeTicker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadScopeTest {

    private final TagTable table = Fixtures.table(new FakeTicker());
    private final CacheRegistry registry = CacheRegistry.builder().build();

    private final Deque<LoadScope> scopes = new ArrayDeque<>();

    @AfterEach
    void close() {
        while (!scopes.isEmpty()) {
            scopes.pop().close();
        }
        registry.close();
        assertThat(LoadScope.active()).isFalse();
    }

    private LoadScope open(String... names) {
        TagTable invalidations = tableOf(registry);
        LoadScope scope = LoadScope.open("a", invalidations, invalidations.stamp(), Set.of(names));
        scopes.push(scope);
        return scope;
    }

    private static TagTable tableOf(CacheRegistry registry) {
        Cache<?, ?> any = registry.find("any")
                .orElseGet(() -> registry.newCache("any", String.class).build());
        return ((TieredCache<?, ?>) any).parts.registry().table();
    }

    private void closeInnermost() {
        scopes.pop().close();
    }

    private Entry<String> carrying(String... names) {
        return entry("v", table.stamp(), names);
    }

    @Test
    void active_onlyWhileOpen() {
        assertThat(LoadScope.active()).isFalse();
        open("k:a:1");
        assertThat(LoadScope.active()).isTrue();

        closeInnermost();

        assertThat(LoadScope.active()).isFalse();
    }

    @Test
    void record_insideALoad_addsAllThatTheEntryCarries() {
        LoadScope scope = open("k:a:1");

        LoadScope.record(carrying("k:b:1", "c:b", "t:x"));
        LoadScope.record(carrying("k:b:2", "c:b"));

        assertThat(scope.names()).containsExactlyInAnyOrder("k:b:1", "c:b", "t:x", "k:b:2");
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
        closeInnermost();
        LoadScope.record(carrying("t:after"));

        assertThat(inner.names()).containsExactlyInAnyOrder("t:inner");
        assertThat(outer.names()).containsExactlyInAnyOrder("t:before", "t:after");
    }

    @Test
    void loading_entriesOfThisAndOuterLoads_isTrue() {
        open("k:a:1", "k:a:2");
        open("k:b:1");

        assertThat(LoadScope.loading(tableOf(registry), "k:b:1")).isTrue();
        assertThat(LoadScope.loading(tableOf(registry), "k:a:1")).isTrue();
        assertThat(LoadScope.loading(tableOf(registry), "k:a:2")).isTrue();
        assertThat(LoadScope.loading(tableOf(registry), "k:c:1")).isFalse();
        closeInnermost();
        assertThat(LoadScope.loading(tableOf(registry), "k:b:1")).isFalse();
        assertThat(LoadScope.loading(tableOf(registry), "k:a:1")).isTrue();
        closeInnermost();
        assertThat(LoadScope.loading(tableOf(registry), "k:a:1")).isFalse();
    }

    @Test
    void loading_entryOfThatNameInAnotherRegistry_isFalse() {
        open("k:a:1");

        assertThat(LoadScope.loading(table, "k:a:1")).isFalse();
    }

    @Test
    void open_loadOnAnotherThread_isNotSeenHere() throws Exception {
        LoadScope scope = open("k:a:1");
        FutureTask<Boolean> other = new FutureTask<>(() -> {
            boolean seen = LoadScope.active() || LoadScope.loading(tableOf(registry), "k:a:1");
            LoadScope.record(carrying("t:other"));
            return seen;
        });
        Thread thread = new Thread(other);
        thread.start();

        assertThat(other.get()).isFalse();
        assertThat(scope.names()).isEmpty();
        thread.join();
    }

    @Test
    void tag_several_addsTheirNames() {
        LoadScope scope = open("k:a:1");

        LoadContext same = scope.tag(Tag.of("league", 39), new Tag("x y"));

        assertThat(same).isSameAs(scope);
        assertThat(scope.names()).containsExactlyInAnyOrder("t:league:39", "t:x%20y");
    }

    @Test
    void dependsOn_cacheOfARegistry_addsEntryAndCache() {
        Cache<Integer, String> teams = registry.newCache("teams", String.class).build();
        LoadScope scope = open("k:a:1");

        scope.dependsOn(teams, 39);

        assertThat(scope.names()).containsExactlyInAnyOrder("k:teams:39", "c:teams");
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
    }

    @Test
    void timeToLive_notGiven_isNull() {
        LoadScope scope = open("k:a:1");

        assertThat(scope.timeToLive()).isNull();
        scope.timeToLive(Duration.ofSeconds(3));
        assertThat(scope.timeToLive()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void timeToLive_zero_isAllowed() {
        LoadScope scope = open("k:a:1");

        scope.timeToLive(Duration.ZERO);

        assertThat(scope.timeToLive()).isZero();
    }

    @Test
    void timeToLive_negative_isRefused() {
        LoadScope scope = open("k:a:1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope.timeToLive(Duration.ofSeconds(-1)))
                .withMessage(
                        "Time to live given by the loader is PT-1S, must be zero or more. Use Duration.ZERO to turn it"
                                + " off.");
    }

    @Test
    void dependsOn_entryHeldHere_addsAllThatItCarries() {
        LoadingCache<Integer, String> teams = registry.newCache("teams", String.class)
                .build((Integer key, LoadContext load) -> {
                    load.tag(Tag.of("league", 1));
                    return "team " + key;
                });
        teams.get(39);
        LoadScope scope = open("k:a:1");

        scope.dependsOn(teams, 39);

        assertThat(scope.names()).containsExactlyInAnyOrder("k:teams:39", "c:teams", "t:league:1");
    }

    @Test
    void dependsOn_cacheOfAnotherRegistry_isRefused() {
        try (CacheRegistry other = CacheRegistry.builder().build()) {
            Cache<Integer, String> teams = other.newCache("teams", String.class).build();
            LoadScope scope = open("k:a:1");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scope.dependsOn(teams, 39))
                    .withMessage(
                            "Cache 'a' cannot depend on cache 'teams' of another CacheRegistry, whose invalidations"
                                    + " it is not told of. Make both caches with the same registry.");
            assertThat(scope.names()).isEmpty();
        }
    }

    @Test
    void record_names_addsThem() {
        LoadScope scope = open("k:a:1");

        LoadScope.record(List.of("k:b:1", "c:b"));

        assertThat(scope.names()).containsExactlyInAnyOrder("k:b:1", "c:b");
        closeInnermost();
        LoadScope.record(List.of("k:b:2"));
        assertThat(scope.names()).hasSize(2);
    }
}
