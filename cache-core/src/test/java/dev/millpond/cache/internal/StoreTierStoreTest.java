package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.cache.internal.RemoteTier.Outcome;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of loaded entries. */
class StoreTierStoreTest {

    /** Text of random characters, which does not get smaller than the limit. */
    static final String TOO_LARGE = new Random(1)
            .ints(2 * EntryFormat.MAXIMUM_BYTES, ' ', '~')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(ticker);
    private final StoreNode one = node(1);
    private final StoreNode two = node(2);
    private final Request<String> request = one.request("a");

    private StoreNode node(long number) {
        return new StoreNode(store, ticker, number, (key, nanos) -> {
            throw new AssertionError("Nobody should wait.");
        });
    }

    private Found<String> lease(StoreNode node) {
        return node.tier.lease(node.request("a"), node.tier.lookup(node.request("a")));
    }

    @Test
    void store_leaseStillThere_isStoredForItsTime() {
        assertThat(one.tier.store(request, lease(one), one.loaded(request, "v")))
                .isEqualTo(Outcome.STORED);

        assertThat(two.valueOf("a")).isEqualTo("v");
        ticker.advance(StoreNode.TIME_TO_LIVE.plus(StoreNode.SERVE_STALE_FOR));
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void store_invalidatedMeanwhile_isRejectedAndCounted() {
        Found<String> lease = lease(one);
        two.tier.remove(List.of("a"));

        assertThat(one.tier.store(request, lease, one.loaded(request, "v"))).isEqualTo(Outcome.REJECTED);

        assertThat(store.keys()).isEmpty();
        assertThat(one.stats.snapshot().rejectedStores()).isEqualTo(1);
    }

    @Test
    void store_leaseTakenOverByAnotherNode_isRejected() {
        Found<String> lease = lease(one);
        ticker.advance(StoreNode.LEASE_TIME);
        two.table.confirm(ticker.read());
        Found<String> others = lease(two);

        assertThat(one.tier.store(request, lease, one.loaded(request, "late"))).isEqualTo(Outcome.REJECTED);
        assertThat(two.tier.store(two.request("a"), others, two.loaded(two.request("a"), "v")))
                .isEqualTo(Outcome.STORED);
    }

    @Test
    void store_overAStaleEntry_replacesIt() {
        one.load("a", "old");
        ticker.advance(StoreNode.TIME_TO_LIVE.plusSeconds(1));
        one.table.confirm(ticker.read());
        two.table.confirm(ticker.read());
        Found<String> stale = lease(one);

        assertThat(stale.require().value()).isEqualTo("old");
        assertThat(one.tier.store(request, stale, one.loaded(request, "new"))).isEqualTo(Outcome.STORED);
        assertThat(two.valueOf("a")).isEqualTo("new");
    }

    @Test
    void store_overAStaleEntryThatAnotherNodeReplaced_isRejected() {
        one.load("a", "old");
        Found<String> seenByOne = one.tier.lookup(request).asReplaceable();
        Found<String> seenByTwo = two.tier.lookup(two.request("a")).asReplaceable();
        two.tier.store(two.request("a"), seenByTwo, two.loaded(two.request("a"), "two"));

        assertThat(one.tier.store(request, seenByOne, one.loaded(request, "one")))
                .isEqualTo(Outcome.REJECTED);
        assertThat(one.valueOf("a")).isEqualTo("two");
    }

    @Test
    void store_waitedTooLong_isRejectedWithoutAsking() {
        assertThat(one.tier.store(request, Found.of(Kind.UNLEASED), one.loaded(request, "v")))
                .isEqualTo(Outcome.REJECTED);
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void store_storeWasAway_isLocalOnlyWithoutAsking() {
        assertThat(one.tier.store(request, Found.of(Kind.AWAY), one.loaded(request, "v")))
                .isEqualTo(Outcome.LOCAL_ONLY);
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void store_storeFails_isLocalOnly() {
        Found<String> lease = lease(one);
        store.failing(Command.PUT_IF);

        assertThat(one.tier.store(request, lease, one.loaded(request, "v"))).isEqualTo(Outcome.LOCAL_ONLY);
        assertThat(one.stats.snapshot().rejectedStores()).isZero();
    }

    @Test
    void store_tooLarge_isLocalOnlyCountedAndGivesTheLeaseBack() {
        Found<String> lease = lease(one);

        try (RecordedLog log = new RecordedLog("EntryCodec")) {
            assertThat(one.tier.store(request, lease, one.loaded(request, TOO_LARGE)))
                    .isEqualTo(Outcome.LOCAL_ONLY);
            assertThat(log.lines())
                    .containsExactly("WARN Cache 'cache' holds a value that cannot be stored in Redis; such values are"
                            + " served and kept in this process only. Further ones are only counted.");
        }

        assertThat(store.keys()).isEmpty();
        assertThat(one.stats.snapshot().unstorable()).isEqualTo(1);
    }

    @Test
    void storeAll_tooLargeOnes_giveTheirLeasesBackInOneStep() {
        List<Request<String>> requests = one.requests("a", "b", "c");
        List<Found<String>> leases = one.tier.leaseAll(requests, one.tier.lookupAll(requests));

        List<Outcome> outcomes;
        try (RecordedLog log = new RecordedLog("EntryCodec")) {
            outcomes = one.tier.storeAll(
                    requests,
                    leases,
                    requests.stream()
                            .map(each -> one.loaded(each, each.key().equals("b") ? "v" : TOO_LARGE))
                            .toList());
            assertThat(log.lines()).hasSize(1);
        }

        assertThat(outcomes).containsExactly(Outcome.LOCAL_ONLY, Outcome.STORED, Outcome.LOCAL_ONLY);
        assertThat(store.keys()).containsExactly("test:cache:b");
        assertThat(store.count(Command.DROP_ALL_IF)).isEqualTo(1);
    }

    @Test
    void storeAll_mixed_answersInOrderInOneStep() {
        List<Request<String>> requests = one.requests("a", "b", "c", "d", "e");
        List<Found<String>> leases = one.tier.leaseAll(requests, one.tier.lookupAll(requests));
        two.tier.remove(List.of("b"));
        store.forgetCommands();

        List<Outcome> outcomes = one.tier.storeAll(
                requests,
                List.of(leases.get(0), leases.get(1), Found.of(Kind.AWAY), Found.of(Kind.UNLEASED), leases.get(4)),
                requests.stream().map(each -> one.loaded(each, each.key())).toList());

        assertThat(outcomes)
                .containsExactly(
                        Outcome.STORED, Outcome.REJECTED, Outcome.LOCAL_ONLY, Outcome.REJECTED, Outcome.STORED);
        assertThat(store.commands()).containsExactly(Command.PUT_ALL_IF);
        assertThat(two.valueOf("a")).isEqualTo("a");
        assertThat(two.valueOf("e")).isEqualTo("e");
        assertThat(one.stats.snapshot().rejectedStores()).isEqualTo(1);
    }

    @Test
    void storeAll_storeFails_isLocalOnlyButForThoseThatWaitedTooLong() {
        List<Request<String>> requests = one.requests("a", "b", "c");
        List<Found<String>> leases = one.tier.leaseAll(requests, one.tier.lookupAll(requests));
        store.failing(Command.PUT_ALL_IF);

        List<Outcome> outcomes = one.tier.storeAll(
                requests,
                List.of(leases.get(0), Found.of(Kind.UNLEASED), leases.get(2)),
                requests.stream().map(each -> one.loaded(each, "v")).toList());

        assertThat(outcomes).containsExactly(Outcome.LOCAL_ONLY, Outcome.REJECTED, Outcome.LOCAL_ONLY);
    }

    @Test
    void release_ownLease_letsOthersLoadAtOnce() {
        Found<String> lease = lease(one);

        one.tier.release(request, lease);

        assertThat(lease(two).kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void release_leaseOfAnotherNode_staysThere() {
        Found<String> lease = lease(one);
        ticker.advance(StoreNode.LEASE_TIME);
        two.table.confirm(ticker.read());
        lease(two);

        one.tier.release(request, lease);

        assertThat(store.keys()).containsExactly("test:cache:a");
    }

    @Test
    void release_storeFails_leavesTheLeaseToExpire() {
        Found<String> lease = lease(one);
        store.failing(Command.DROP_ALL_IF);

        one.tier.release(request, lease);

        assertThat(store.keys()).containsExactly("test:cache:a");
        ticker.advance(Duration.ofSeconds(10));
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void release_nothingObtained_doesNotAsk() {
        for (Kind kind : List.of(Kind.AWAY, Kind.UNLEASED, Kind.STALE, Kind.HIT)) {
            one.tier.release(request, Found.of(kind, new byte[17]));
        }

        assertThat(store.commands()).isEmpty();
    }
}
