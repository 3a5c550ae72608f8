package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loaders that answer "not modified", on two nodes over one store: what is sent, and what becomes of it. */
class NotModifiedStoreTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);
    private static final Duration STALE_FOR = Duration.ofHours(1);
    private static final String KEY = "test:cache:a";

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final CacheRegistry one = node();
    private final CacheRegistry two = node();
    private final VersionedSource source = new VersionedSource();

    NotModifiedStoreTest() {
        source.value = "a value of some length ".repeat(20);
    }

    private CacheRegistry node() {
        RegistryBuilder builder = new RegistryBuilder();
        builder.random(() -> 0.4).ticker(time).clock(time).namespace("test").executor(tasks::add);
        return builder.build(store, log.node(), Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static CacheBuilder<String> builder(CacheRegistry node) {
        return node.newCache("cache", String.class)
                .timeToLive(TIME_TO_LIVE)
                .serveStaleFor(STALE_FOR)
                .jitter(0);
    }

    private LoadingCache<String, String> cache(CacheRegistry node) {
        return builder(node).build(source::load);
    }

    private LoadingCache<String, String> stale(LoadingCache<String, String> cache) {
        cache.get("a");
        time.advance(TIME_TO_LIVE);
        store.forgetCommands();
        return cache;
    }

    private static long written(LoadingCache<String, String> cache, Runnable action) {
        CacheStats before = cache.stats();
        action.run();
        return cache.stats().bytesWritten() - before.bytesWritten();
    }

    @Test
    void get_staleAndNotModified_sendsAHeaderOnly() {
        LoadingCache<String, String> cache = stale(cache(one));

        long written = written(cache, () -> cache.get("a"));

        assertThat(store.commands()).containsExactly(Command.GET, Command.REPLACE_PREFIXES, Command.REPLACE_HEADERS);
        assertThat(written).isBetween(50L, 100L);
        assertThat(source.fullLoads).isEqualTo(1);
        assertThat(cache.stats().notModified()).isEqualTo(1);
    }

    @Test
    void get_staleAndNotModified_isFreshOnTheOtherNodeTooForTheWholeTimeToLive() {
        stale(cache(one)).get("a");
        LoadingCache<String, String> second = cache(two);
        time.advance(TIME_TO_LIVE.minusMillis(1));

        assertThat(second.lookup("a").source()).isEqualTo(Source.REMOTE);
        assertThat(second.get("a")).isEqualTo(source.value);
        time.advance(Duration.ofMillis(1));
        assertThat(second.lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(source.fullLoads).isEqualTo(1);
        assertThat(second.stats().unreadable()).isZero();
    }

    /** The other node has read what this one wrote a header for, and writes one itself. */
    @Test
    void get_notModifiedOnNodesInTurn_writesOnePayload() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        first.get("a");
        for (int i = 0; i < 3; i++) {
            for (LoadingCache<String, String> cache : List.of(second, first)) {
                time.advance(TIME_TO_LIVE);
                assertThat(cache.get("a")).isEqualTo(source.value);
            }
        }

        assertThat(store.count(Command.PUT_IF)).isEqualTo(1);
        assertThat(store.count(Command.REPLACE_HEADERS)).isEqualTo(6);
    }

    @Test
    void refresh_notModified_sendsAHeaderOnly() {
        LoadingCache<String, String> cache = cache(one);
        cache.get("a");
        store.forgetCommands();

        assertThat(cache.refresh("a")).contains(Objects.requireNonNull(source.value));

        assertThat(store.commands()).containsExactly(Command.GET, Command.REPLACE_PREFIXES, Command.REPLACE_HEADERS);
    }

    @Test
    void refreshAhead_notModified_sendsAHeaderOnly() {
        LoadingCache<String, String> cache = builder(one).refreshAhead(1).build(source::load);
        source.meanwhile = () -> time.advance(Duration.ofSeconds(1));
        cache.get("a");
        time.advance(TIME_TO_LIVE.minusMillis(500));
        store.forgetCommands();

        cache.get("a");
        Objects.requireNonNull(tasks.poll()).run();

        assertThat(store.commands()).containsExactly(Command.GET, Command.REPLACE_PREFIXES, Command.REPLACE_HEADERS);
        assertThat(cache.stats().refreshesAhead()).isEqualTo(1);
    }

    @Test
    void getAll_someNotModified_sendsTheirHeadersAtOnce() {
        LoadingCache<String, String> cache = cache(one);
        cache.getAll(List.of("a", "b"));
        time.advance(TIME_TO_LIVE);
        store.forgetCommands();

        assertThat(cache.getAll(List.of("a", "b", "c"))).hasSize(3);

        assertThat(store.commands())
                .containsExactly(
                        Command.GET_ALL,
                        Command.GET_OR_LEASE_ALL,
                        Command.REPLACE_PREFIXES,
                        Command.PUT_IF,
                        Command.REPLACE_HEADERS);
        assertThat(cache(two).getAll(List.of("a", "b", "c"))).hasSize(3);
        assertThat(source.lastVersions).hasSize(5);
    }

    /** The lease has taken the place of what was invalidated. */
    @Test
    void get_invalidatedByTagAndNotModified_isWrittenWhole() {
        LoadingCache<String, String> first = cache(one);
        LoadingCache<String, String> second = cache(two);
        first.get("a");
        one.invalidate(VersionedSource.TAG);
        store.forgetCommands();

        assertThat(second.get("a")).isEqualTo(source.value);

        assertThat(source.told()).contains("v1");
        assertThat(store.commands()).containsExactly(Command.GET, Command.PUT_IF, Command.PUT_IF);
        assertThat(first.lookup("a").source()).isEqualTo(Source.REMOTE);
    }

    @Test
    void getAll_invalidatedByTagAndNotModified_isToldTheLastVersion() {
        LoadingCache<String, String> first = cache(one);
        first.getAll(List.of("a", "b"));
        one.invalidate(VersionedSource.TAG);

        assertThat(cache(two).getAll(List.of("a", "b"))).hasSize(2);

        assertThat(source.fullLoads).isEqualTo(2);
    }

    /** Redis has nothing any more, and this process has. */
    @Test
    void get_goneFromRedisAndNotModified_isWrittenWhole() {
        LoadingCache<String, String> cache = stale(cache(one));
        store.clear();

        cache.get("a");

        assertThat(source.told()).contains("v1");
        assertThat(store.commands()).containsExactly(Command.GET, Command.GET_OR_LEASE, Command.PUT_IF);
        assertThat(cache(two).lookup("a").source()).isEqualTo(Source.REMOTE);
    }

    @Test
    void get_notModifiedWithAnotherTag_isWrittenWhole() {
        LoadingCache<String, String> cache = stale(builder(one).build((key, load) -> {
            if (load.lastVersion().isPresent()) {
                load.tag(Tag.of("another", 1));
            }
            return source.load(key, load);
        }));

        cache.get("a");

        assertThat(store.commands()).containsExactly(Command.GET, Command.REPLACE_PREFIXES, Command.PUT_IF);
        one.invalidate(Tag.of("another", 1));
        assertThat(cache(two).lookup("a").source()).isEqualTo(Source.LOADER);
    }

    @Test
    void find_absentAndNotModified_sendsAHeaderOnly() {
        source.change("none", null);
        LoadingCache<String, String> cache = cache(one);
        cache.find("a");
        store.forgetCommands();

        assertThat(cache.refresh("a")).isEmpty();

        assertThat(store.commands()).containsExactly(Command.GET, Command.REPLACE_PREFIXES, Command.REPLACE_HEADERS);
        assertThat(cache(two).find("a")).isEmpty();
    }

    @Test
    void get_compressedAndNotModified_isReadableByTheOtherNode() {
        source.value = "standings ".repeat(2_000);
        stale(cache(one)).get("a");

        assertThat(cache(two).get("a")).isEqualTo(source.value);
        assertThat(source.fullLoads).isEqualTo(1);
    }

    @Test
    void get_strict_isToldTheLastVersion() {
        LoadingCache<String, String> cache =
                stale(builder(one).consistency(Consistency.STRICT).build(source::load));

        cache.get("a");

        assertThat(source.told()).contains("v1");
        assertThat(store.commands()).contains(Command.REPLACE_HEADERS);
    }

    /** As of a loader of an older version of the application, which reads the payload otherwise. */
    @Test
    void get_storedWithAnotherSchemaVersion_hasNoLastVersion() {
        stale(cache(one));

        builder(two).schemaVersion(1).build(source::load).get("a");

        assertThat(source.told()).isEmpty();
    }

    @Test
    void get_claimedEntryRemovedDuringTheLoad_isNotKept() {
        LoadingCache<String, String> cache = stale(cache(one));
        source.meanwhile = store::clear;

        assertThat(cache.get("a")).isEqualTo(source.value);

        assertThat(cache.stats().rejectedStores()).isEqualTo(1);
        source.meanwhile = () -> {};
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOADER);
    }

    @Test
    void get_invalidatedDuringTheLoad_isNotKeptAnywhere() {
        LoadingCache<String, String> cache = stale(cache(one));
        source.meanwhile = () -> {
            source.meanwhile = () -> {};
            source.change("v2", "two");
            two.invalidate(VersionedSource.TAG);
        };

        assertThat(cache.get("a")).startsWith("a value");
        assertThat(cache(two).get("a")).isEqualTo("two");
        assertThat(cache.get("a")).isEqualTo("two");
    }

    @Test
    void get_storedByAnotherNodeDuringTheLoad_leavesThat() {
        LoadingCache<String, String> cache = stale(cache(one));
        LoadingCache<String, String> second = cache(two);
        source.meanwhile = () -> {
            source.meanwhile = () -> {};
            source.change("v2", "two");
            second.put("a", "two");
        };

        cache.get("a");

        assertThat(second.get("a")).isEqualTo("two");
        assertThat(cache.get("a")).isEqualTo("two");
    }

    /** As with a whole entry: late, but not overtaken by anything known. */
    @Test
    void get_expiredInRedisDuringTheLoad_isKeptInThisProcessAlone() {
        LoadingCache<String, String> cache = stale(cache(one));
        source.meanwhile = () -> time.advance(STALE_FOR);

        cache.get("a");

        assertThat(store.keys()).isEmpty();
        source.meanwhile = () -> {};
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void get_headerNotSent_isKeptInThisProcessAndTheClaimGivenBack() {
        LoadingCache<String, String> cache = stale(cache(one));
        store.failing(Command.REPLACE_HEADERS);

        assertThat(cache.get("a")).isEqualTo(source.value);

        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(Token.isRefresh(Objects.requireNonNull(store.peek(KEY)))).isFalse();
        store.failing();
        assertThat(cache(two).lookup("a").source()).isEqualTo(Source.LOADER);
        assertThat(source.fullLoads).isEqualTo(1);
    }

    @Test
    void get_answerOfTheHeaderLost_isStoredAllTheSame() {
        LoadingCache<String, String> cache = stale(cache(one));
        store.losingAnswersOf(Command.REPLACE_HEADERS);

        assertThat(cache.get("a")).isEqualTo(source.value);

        store.losingAnswersOf();
        assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL);
        assertThat(cache(two).lookup("a").source()).isEqualTo(Source.REMOTE);
    }

    /** The two claims of a node within a millisecond look the same. */
    @Test
    void get_headerInFrontOfAnotherPayload_isUnreadableAndHeals() {
        LoadingCache<String, String> cache = stale(cache(one));
        store.before(Command.REPLACE_HEADERS, keys -> {
            byte[] other = Objects.requireNonNull(store.peek(KEY));
            other[other.length - 2] ^= 1;
            store.plant(KEY, other);
        });

        cache.get("a");
        LoadingCache<String, String> second = cache(two);

        assertThat(second.get("a")).isEqualTo(source.value);
        assertThat(second.stats().unreadable()).isEqualTo(1);
        assertThat(source.lastVersions).containsExactly(Optional.empty(), Optional.of("v1"), Optional.empty());
    }

    @Test
    void get_noVersionGiven_isStoredAsBefore() {
        builder(one).build((String key) -> "v").get("a");

        assertThat(Objects.requireNonNull(store.peek(KEY))[17]).isEqualTo((byte) 1);
    }
}
