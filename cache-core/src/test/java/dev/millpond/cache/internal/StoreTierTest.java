package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is looked up in the second level, and what it means. */
class StoreTierTest {

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(ticker);
    private final StoreNode one = node(1);
    private final StoreNode two = node(2);

    private StoreNode node(long number) {
        return new StoreNode(store, ticker, number, (key, nanos) -> {
            throw new AssertionError("Nobody should wait.");
        });
    }

    private void elapseTrusted(Duration time) {
        ticker.advance(time);
        one.table.confirm(ticker.read());
        two.table.confirm(ticker.read());
    }

    @Test
    void lookup_nothingStored_findsNothing() {
        assertThat(one.kindOf("a")).isEqualTo(Kind.NOTHING);
        assertThat(store.commands()).containsExactly(Command.GET);
    }

    @Test
    void lookup_storedByAnotherNode_isAHitUnderItsReadableKey() {
        one.load("a", "v", "t:x");

        Found<String> found = two.tier.lookup(two.request("a"));

        assertThat(found.isHit()).isTrue();
        assertThat(found.require().value()).isEqualTo("v");
        assertThat(found.require().names()).containsExactly("k:cache:a", "c:cache", "t:x");
        assertThat(store.keys()).containsExactly("test:cache:a");
    }

    @Test
    void lookup_absentStoredByAnotherNode_isAHit() {
        one.load("a", null);

        assertThat(two.kindOf("a")).isEqualTo(Kind.HIT);
        assertThat(two.valueOf("a")).isNull();
    }

    @Test
    void lookup_pastItsTimeToLive_isStaleAndThenGone() {
        one.load("a", "v");

        elapseTrusted(StoreNode.TIME_TO_LIVE);
        Found<String> stale = two.tier.lookup(two.request("a"));
        assertThat(stale.kind()).isEqualTo(Kind.STALE);
        assertThat(stale.entry()).isNotNull();
        assertThat(stale.requirePrefix()).hasSize(Token.PREFIX_BYTES);

        elapseTrusted(StoreNode.SERVE_STALE_FOR);
        assertThat(two.kindOf("a")).isEqualTo(Kind.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k:cache:a", "c:cache", "t:x"})
    void lookup_invalidatedSince_isInvalidAndCanBeReplaced(String name) {
        one.load("a", "v", "t:x");

        two.apply(1, List.of(name));
        Found<String> found = two.tier.lookup(two.request("a"));

        assertThat(found.kind()).isEqualTo(Kind.INVALID);
        assertThat(found.isHit()).isFalse();
        assertThat(found.requirePrefix()).hasSize(Token.PREFIX_BYTES);
    }

    @Test
    void lookup_storedInAnotherEpoch_isInvalid() {
        one.load("a", "v");

        two.table.reset("e2", 0);

        assertThat(two.kindOf("a")).isEqualTo(Kind.INVALID);
        assertThat(two.stats.snapshot().unreadable()).isZero();
    }

    /** It is a miss like any other; what it says of its version is still right. */
    @Test
    void lookup_versionedAndStoredInAnotherEpoch_isInvalidWithItsVersion() {
        Request<String> request = one.request("a");
        SourceVersion version = new SourceVersion("v1", null);
        one.tier.put(request, one.entries.loaded(request, request.stamp(), "v", Set.of(), null, version));

        two.table.reset("e2", 0);
        Found<String> found = two.tier.lookup(two.request("a"));
        Found<String> lease = two.tier.lease(two.request("a"), found);

        assertThat(found.kind()).isEqualTo(Kind.INVALID);
        assertThat(two.table.valid(found.require())).isFalse();
        assertThat(lease.entry()).isNull();
        assertThat(Objects.requireNonNull(Objects.requireNonNull(lease.last()).version())
                        .text())
                .isEqualTo("v1");
        assertThat(two.stats.snapshot().invalidatedEntries()).isZero();
    }

    @Test
    void lookup_leasedByAnotherNode_isElsewhere() {
        one.tier.lease(one.request("a"), Found.of(Kind.NOTHING));

        assertThat(two.kindOf("a")).isEqualTo(Kind.LEASED_ELSEWHERE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "V",
                "L",
                "hi",
                "a text of another application that is quite long",
                "L1234567890123456 and more"
            })
    void lookup_foreignBytes_areInvalidCountedAndReplaceable(String foreign) {
        store.plant("test:cache:a", foreign.getBytes(UTF_8));
        Request<String> request = one.request("a");

        Found<String> found;
        try (RecordedLog log = new RecordedLog("EntryCodec")) {
            found = one.tier.lookup(request);
            one.tier.lookup(request);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN Cache 'cache' found bytes in Redis that it cannot read: ")
                    .endsWith(" They are replaced; further ones are only counted.");
        }

        assertThat(found.kind()).isEqualTo(Kind.INVALID);
        assertThat(one.stats.snapshot().unreadable()).isEqualTo(2);
        assertThat(one.tier.lease(request, found).kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void lookup_storeUnavailable_isAway() {
        one.load("a", "v");
        store.unavailable(true);

        assertThat(two.kindOf("a")).isEqualTo(Kind.AWAY);
        assertThat(two.tier.lookupAll(two.requests("a", "b")))
                .extracting(Found::kind)
                .containsExactly(Kind.AWAY, Kind.AWAY);
    }

    @Test
    void lookup_notTrusted_isAwayWithoutAsking() {
        one.load("a", "v");
        store.forgetCommands();
        ticker.advance(Fixtures.BOUND);

        assertThat(two.kindOf("a")).isEqualTo(Kind.AWAY);
        assertThat(two.tier.lookupAll(two.requests("a")))
                .extracting(Found::kind)
                .containsExactly(Kind.AWAY);
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void lookupAll_mixed_answersInOrderInOneStep() {
        one.load("hit", "v");
        one.load("invalid", "v", "t:x");
        one.tier.lease(one.request("leased"), Found.of(Kind.NOTHING));
        two.apply(1, List.of("t:x"));
        store.forgetCommands();

        List<Found<String>> found = two.tier.lookupAll(two.requests("nothing", "invalid", "leased", "hit"));

        assertThat(found)
                .extracting(Found::kind)
                .containsExactly(Kind.NOTHING, Kind.INVALID, Kind.LEASED_ELSEWHERE, Kind.HIT);
        assertThat(store.commands()).containsExactly(Command.GET_ALL);
    }

    @Test
    void remove_keys_removesThemFromTheStore() {
        one.load("a", "v");
        one.load("b", "v");
        one.load("c", "v");

        one.tier.remove(List.of("a", "c")).toCompletableFuture().join();

        assertThat(store.keys()).containsExactly("test:cache:b");
    }

    @Test
    void remove_storeUnavailable_completesAllTheSame() {
        store.unavailable(true);

        assertThat(one.tier.remove(List.of("a")).toCompletableFuture()).isCompletedWithValue(null);
    }

    @Test
    void put_value_replacesWhateverIsThere() {
        one.load("a", "old");
        Request<String> request = one.request("a");

        one.tier.put(request, one.loaded(request, "new"));

        assertThat(two.valueOf("a")).isEqualTo("new");
        ticker.advance(StoreNode.TIME_TO_LIVE.plus(StoreNode.SERVE_STALE_FOR));
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void put_valueThatCannotBeStored_removesWhatIsThere() {
        one.load("a", "old");
        Request<String> request = one.request("a");

        try (RecordedLog log = new RecordedLog("EntryCodec")) {
            one.tier.put(request, one.loaded(request, StoreTierStoreTest.TOO_LARGE));
            assertThat(log.lines()).hasSize(1);
        }

        assertThat(store.keys()).isEmpty();
        assertThat(one.stats.snapshot().unstorable()).isEqualTo(1);
    }

    @Test
    void put_storeUnavailable_isHarmless() {
        store.unavailable(true);
        Request<String> request = one.request("a");

        one.tier.put(request, one.loaded(request, "v"));

        assertThat(store.keys()).isEmpty();
    }
}
