package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.internal.Found.Kind;
import dev.millpond.cache.internal.InMemoryCacheStore.Command;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a reader obtains the right to load. */
class StoreTierLeaseTest {

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(ticker);
    private Runnable whileWaiting = () -> {};
    private final StoreNode one = node(1);
    private final StoreNode two = node(2);

    /** A node whose pauses take their time, during which the test may do something. */
    private StoreNode node(long number) {
        return new StoreNode(store, ticker, number, (key, nanos) -> {
            ticker.advance(Duration.ofNanos(nanos));
            confirm();
            whileWaiting.run();
        });
    }

    private void confirm() {
        one.table.confirm(ticker.read());
        two.table.confirm(ticker.read());
    }

    private static Found<String> lease(StoreNode node, String key) {
        Request<String> request = node.request(key);
        return node.tier.lease(request, node.tier.lookup(request));
    }

    private byte[] stored(String key) {
        return Objects.requireNonNull(store.peek("test:cache:" + key), "nothing stored");
    }

    @Test
    void lease_nothingFound_isMineForTheLeaseTime() {
        Found<String> lease = lease(one, "a");

        assertThat(lease.kind()).isEqualTo(Kind.MINE);
        assertThat(stored("a")).isEqualTo(lease.requirePrefix());
        assertThat(Token.isLease(stored("a"))).isTrue();
        ticker.advance(StoreNode.LEASE_TIME);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void lease_storedBetweenTheTwoSteps_isAHit() {
        store.beforeNext(Command.GET_OR_LEASE, () -> two.load("a", "v"));

        Found<String> lease = lease(one, "a");

        assertThat(lease.isHit()).isTrue();
        assertThat(lease.require().value()).isEqualTo("v");
    }

    @Test
    void lease_invalidFound_replacesItByALease() {
        one.load("a", "v", "t:x");
        one.apply(1, List.of("t:x"));

        Found<String> lease = lease(one, "a");

        assertThat(lease.kind()).isEqualTo(Kind.MINE);
        assertThat(stored("a")).isEqualTo(lease.requirePrefix());
    }

    @Test
    void lease_invalidReplacedByAnotherNodeMeanwhile_takesWhatThatStored() {
        one.load("a", "old", "t:x");
        one.apply(1, List.of("t:x"));
        two.apply(1, List.of("t:x"));
        store.beforeNext(Command.PUT_IF, () -> two.load("a", "new", "t:x"));

        Found<String> lease = lease(one, "a");

        assertThat(lease.isHit()).isTrue();
        assertThat(lease.require().value()).isEqualTo("new");
    }

    @Test
    void lease_elsewhere_waitsForTheValue() {
        Request<String> request = two.request("a");
        Found<String> others = lease(two, "a");
        whileWaiting = () -> {
            if (ticker.read() >= 100_000_000) {
                two.tier.store(request, others, two.loaded(request, "v"));
            }
        };

        Found<String> lease = lease(one, "a");

        assertThat(lease.require().value()).isEqualTo("v");
        assertThat(store.count(Command.GET)).isBetween(5, 15);
    }

    @Test
    void lease_elsewhereAndGivenBack_becomesMine() {
        Request<String> request = two.request("a");
        Found<String> others = lease(two, "a");
        whileWaiting = () -> two.tier.release(request, others);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void lease_elsewhereAndInvalidated_becomesMine() {
        lease(two, "a");
        whileWaiting = () -> two.tier.remove(List.of("a"));

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void lease_elsewhereOfANodeThatDied_becomesMineWhenTheLeaseEnds() {
        lease(two, "a");
        ticker.advance(Duration.ofSeconds(1));
        confirm();

        Found<String> lease = lease(one, "a");

        assertThat(lease.kind()).isEqualTo(Kind.MINE);
        assertThat(Duration.ofNanos(ticker.read())).isBetween(StoreNode.LEASE_TIME, Duration.ofMillis(10_040));
    }

    @Test
    void lease_elsewhereAgainAndAgain_endsUnleased() {
        lease(two, "a");
        whileWaiting = () -> {
            store.clear();
            two.tier.lease(two.request("a"), Found.of(Kind.NOTHING));
        };

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.UNLEASED);
        assertThat(Duration.ofNanos(ticker.read())).isBetween(StoreNode.LEASE_TIME, Duration.ofMillis(10_040));
    }

    /** One that somebody planted, or that lost its time to live, would hold everybody off for ever. */
    @Test
    void lease_elsewhereWithoutEnd_isReplacedAfterTheLeaseTime() {
        store.plant("test:cache:a", new Token.Source(99).next().lease());

        Found<String> lease = lease(one, "a");

        assertThat(lease.kind()).isEqualTo(Kind.MINE);
        assertThat(stored("a")).isEqualTo(lease.requirePrefix());
        assertThat(Duration.ofNanos(ticker.read())).isBetween(StoreNode.LEASE_TIME, Duration.ofMillis(10_040));
    }

    @Test
    void lease_ownLeaseWhoseAnswerWasLost_isNotWaitedFor() {
        store.losingAnswersOf(Command.GET_OR_LEASE);
        store.failing(Command.DROP_ALL_IF);
        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);
        assertThat(store.keys()).containsExactly("test:cache:a");
        store.losingAnswersOf();
        store.failing();

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.MINE);
        assertThat(ticker.read()).isZero();
    }

    @Test
    void lease_answerLost_isGivenBackForTheOthers() {
        store.losingAnswersOf(Command.GET_OR_LEASE);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void lease_elsewhereAndInterrupted_isUnleasedAtOnce() {
        lease(two, "a");
        Thread.currentThread().interrupt();

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.UNLEASED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void lease_storeFailsMeanwhile_isAway() {
        one.load("b", "v", "t:x");
        one.apply(1, List.of("t:x"));

        store.failing(Command.GET_OR_LEASE, Command.PUT_IF);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);
        assertThat(lease(one, "b").kind()).isEqualTo(Kind.AWAY);
    }

    @Test
    void lease_storeFailsWhileWaiting_isAway() {
        lease(two, "a");
        whileWaiting = () -> store.unavailable(true);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);
    }

    @Test
    void lease_nothingToObtain_isTheSameWithoutAsking() {
        one.load("a", "v");
        store.forgetCommands();

        for (Kind kind : List.of(Kind.REFRESHED_ELSEWHERE, Kind.HIT, Kind.AWAY)) {
            Found<String> found = Found.of(kind);
            assertThat(one.tier.lease(one.request("a"), found)).isSameAs(found);
        }
        assertThat(store.commands()).isEmpty();
    }

    private static List<Found<String>> leaseAll(StoreNode node, List<Request<String>> requests) {
        return node.tier.leaseAll(requests, node.tier.lookupAll(requests));
    }

    @Test
    void leaseAll_mixed_answersInOrderWithoutWaiting() {
        one.load("hit", "v");
        one.load("invalid", "v", "t:x");
        lease(one, "leased");
        two.apply(1, List.of("t:x"));
        List<Request<String>> requests = two.requests("one", "leased", "invalid", "two", "hit");

        List<Found<String>> leases = leaseAll(two, requests);

        assertThat(leases)
                .extracting(Found::kind)
                .containsExactly(Kind.MINE, Kind.LEASED_ELSEWHERE, Kind.MINE, Kind.MINE, Kind.HIT);
        assertThat(stored("one")).isEqualTo(leases.get(0).requirePrefix());
        assertThat(stored("invalid")).isEqualTo(leases.get(2).requirePrefix());
        assertThat(stored("two")).isEqualTo(leases.get(3).requirePrefix());
        assertThat(ticker.read()).isZero();
    }

    @Test
    void leaseAll_manyInvalid_areReplacedInOneStep() {
        String[] keys = IntStream.range(0, 50).mapToObj(i -> "key" + i).toArray(String[]::new);
        for (String key : keys) {
            one.load(key, "v", "t:x");
        }
        two.apply(1, List.of("t:x"));
        store.forgetCommands();

        List<Found<String>> leases = leaseAll(two, two.requests(keys));

        assertThat(leases).extracting(Found::kind).containsOnly(Kind.MINE);
        assertThat(store.commands()).containsExactly(Command.GET_ALL, Command.PUT_ALL_IF);
    }

    @Test
    void leaseAll_invalidReplacedByAnotherNodeMeanwhile_isLeftToASecondLook() {
        one.load("a", "old", "t:x");
        one.load("b", "old", "t:x");
        one.apply(1, List.of("t:x"));
        two.apply(1, List.of("t:x"));
        store.beforeNext(Command.PUT_ALL_IF, () -> one.load("a", "new"));

        List<Found<String>> leases = leaseAll(two, two.requests("a", "b"));

        assertThat(leases).extracting(Found::kind).containsExactly(Kind.INVALID, Kind.MINE);
        assertThat(two.valueOf("a")).isEqualTo("new");
    }

    @Test
    void leaseAll_nothingMissing_doesNotAsk() {
        one.load("a", "v");
        List<Request<String>> requests = two.requests("a");
        List<Found<String>> found = two.tier.lookupAll(requests);
        store.forgetCommands();

        assertThat(two.tier.leaseAll(requests, found)).isEqualTo(found);
        assertThat(store.commands()).isEmpty();
    }

    @Test
    void leaseAll_storeFails_isAwayButForWhatIsKnownAlready() {
        one.load("hit", "v");
        one.load("invalid", "v", "t:x");
        two.apply(1, List.of("t:x"));
        store.failing(Command.GET_OR_LEASE_ALL);

        assertThat(leaseAll(two, two.requests("a", "hit", "invalid")))
                .extracting(Found::kind)
                .containsExactly(Kind.AWAY, Kind.HIT, Kind.AWAY);
    }

    @Test
    void leaseAll_storeFailsHalfWay_keepsTheLeasesObtained() {
        one.load("invalid", "v", "t:x");
        two.apply(1, List.of("t:x"));
        store.failing(Command.PUT_ALL_IF);

        assertThat(leaseAll(two, two.requests("a", "invalid")))
                .extracting(Found::kind)
                .containsExactly(Kind.MINE, Kind.AWAY);
    }

    private void makeStale(String... keys) {
        for (String key : keys) {
            one.load(key, "old");
        }
        ticker.advance(StoreNode.TIME_TO_LIVE);
        confirm();
    }

    @Test
    void lease_stale_isMineAndTheOthersAreServedMeanwhile() {
        makeStale("a");

        Found<String> mine = lease(one, "a");
        Found<String> others = lease(two, "a");

        assertThat(mine.kind()).isEqualTo(Kind.MINE);
        assertThat(mine.require().value()).isEqualTo("old");
        assertThat(others.kind()).isEqualTo(Kind.REFRESHED_ELSEWHERE);
        assertThat(others.require().value()).isEqualTo("old");
        assertThat(one.tier.store(one.request("a"), mine, one.loaded(one.request("a"), "new")))
                .isEqualTo(RemoteTier.Outcome.STORED);
        assertThat(two.valueOf("a")).isEqualTo("new");
    }

    @Test
    void lease_staleAndClaimedByAnotherBetween_isServedMeanwhile() {
        makeStale("a");
        store.beforeNext(Command.REPLACE_PREFIXES, () -> lease(two, "a"));

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.REFRESHED_ELSEWHERE);
    }

    @Test
    void lease_staleWhoseLoaderFailed_isToBeHadAgain() {
        makeStale("a");
        one.tier.release(one.request("a"), lease(one, "a"));

        assertThat(lease(two, "a").kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void lease_staleOfANodeThatDied_isToBeHadAfterTheLeaseTime() {
        makeStale("a");
        lease(one, "a");
        ticker.advance(StoreNode.LEASE_TIME);
        confirm();

        assertThat(lease(two, "a").kind()).isEqualTo(Kind.MINE);
    }

    /** What a node claims with its clock ahead would else keep the others from loading for as long as it is ahead. */
    @Test
    void lease_staleOfANodeWhoseClockIsFarAhead_isClaimedAnew() {
        makeStale("a");
        lease(nodeAhead(Duration.ofSeconds(30)), "a");

        assertThat(lease(two, "a").kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void lease_staleOfANodeWhoseClockIsALittleAhead_isServedMeanwhile() {
        makeStale("a");
        lease(nodeAhead(StoreNode.LEASE_TIME), "a");

        assertThat(lease(two, "a").kind()).isEqualTo(Kind.REFRESHED_ELSEWHERE);
    }

    private StoreNode nodeAhead(Duration ahead) {
        InstantSource clock = () -> ticker.instant().plus(ahead);
        return new StoreNode(store, ticker, clock, 3, (key, nanos) -> {
            throw new AssertionError("Nobody should wait.");
        });
    }

    @Test
    void store_refreshTakenOverMeanwhile_isRejected() {
        makeStale("a");
        Found<String> slow = lease(one, "a");
        ticker.advance(StoreNode.LEASE_TIME);
        confirm();
        lease(two, "a");

        assertThat(one.tier.store(one.request("a"), slow, one.loaded(one.request("a"), "late")))
                .isEqualTo(RemoteTier.Outcome.REJECTED);
    }

    @Test
    void lease_claimFails_isAway() {
        makeStale("a");
        store.failing(Command.REPLACE_PREFIXES);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);
    }

    @Test
    void lease_claimWithoutAnswer_isGivenBackForTheOthers() {
        makeStale("a", "b", "c");
        store.losingAnswersOf(Command.REPLACE_PREFIXES);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);
        assertThat(leaseAll(one, one.requests("b", "c")))
                .extracting(Found::kind)
                .containsOnly(Kind.AWAY);

        store.losingAnswersOf();
        assertThat(leaseAll(two, two.requests("a", "b", "c")))
                .extracting(Found::kind)
                .containsOnly(Kind.MINE);
    }

    @Test
    void leaseAll_manyStale_areClaimedInOneStepButForThoseOfOthers() {
        makeStale("a", "b", "c");
        store.beforeNext(Command.REPLACE_PREFIXES, () -> lease(one, "b"));
        store.forgetCommands();

        List<Found<String>> leases = leaseAll(two, two.requests("a", "b", "c"));

        assertThat(leases).extracting(Found::kind).containsExactly(Kind.MINE, Kind.LEASED_ELSEWHERE, Kind.MINE);
        assertThat(store.count(Command.REPLACE_PREFIXES)).isEqualTo(2);
    }

    @Test
    void lease_elsewhere_isAnnouncedOnceSoThatTheHolderTells() {
        List<String> released = new ArrayList<>();
        store.onRelease(released::add);
        Request<String> request = two.request("a");
        Found<String> others = lease(two, "a");
        whileWaiting = () -> two.tier.store(request, others, two.loaded(request, "v"));

        assertThat(lease(one, "a").require().value()).isEqualTo("v");

        assertThat(released).containsExactly("test:cache:a");
        assertThat(store.count(Command.GET_OR_LEASE)).isEqualTo(2);
    }

    @Test
    void lease_elsewhereAndHandedOn_isAnnouncedToTheNextHolderToo() {
        List<String> released = new ArrayList<>();
        store.onRelease(released::add);
        StoreNode three = node(3);
        Request<String> request = three.request("a");
        Found<String> first = lease(two, "a");
        List<Found<String>> second = new ArrayList<>();
        Iterator<Runnable> pauses = List.<Runnable>of(
                        () -> {
                            two.tier.release(two.request("a"), first);
                            second.add(lease(three, "a"));
                        },
                        () -> three.tier.store(request, second.get(0), three.loaded(request, "v")))
                .iterator();
        whileWaiting = () -> pauses.next().run();

        assertThat(lease(one, "a").require().value()).isEqualTo("v");

        assertThat(released).containsExactly("test:cache:a", "test:cache:a");
    }

    @Test
    void lease_replacementWithoutAnswer_isGivenBackForTheOthers() {
        one.load("a", "v", "t:x");
        one.apply(1, List.of("t:x"));
        store.losingAnswersOf(Command.PUT_IF);

        assertThat(lease(one, "a").kind()).isEqualTo(Kind.AWAY);

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void leaseAll_replacementsWithoutAnswer_areGivenBackForTheOthers() {
        one.load("a", "v", "t:x");
        one.load("b", "v", "t:x");
        one.apply(1, List.of("t:x"));
        store.losingAnswersOf(Command.PUT_ALL_IF);

        assertThat(leaseAll(one, one.requests("a", "b")))
                .extracting(Found::kind)
                .containsOnly(Kind.AWAY);

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void leaseAll_answerLost_isGivenBackForTheOthers() {
        store.losingAnswersOf(Command.GET_OR_LEASE_ALL);

        assertThat(leaseAll(one, one.requests("a", "b")))
                .extracting(Found::kind)
                .containsOnly(Kind.AWAY);

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void store_failsWithoutEffect_givesTheLeaseBack() {
        Found<String> lease = lease(one, "a");
        store.failing(Command.PUT_IF);

        one.tier.store(one.request("a"), lease, one.loaded(one.request("a"), "v"));

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void store_ofARefreshFails_leavesWhatIsThere() {
        makeStale("a");
        Found<String> lease = lease(one, "a");
        store.failing(Command.PUT_IF);

        one.tier.store(one.request("a"), lease, one.loaded(one.request("a"), "v"));

        assertThat(store.keys()).containsExactly("test:cache:a");
        assertThat(lease(two, "a").kind()).isEqualTo(Kind.MINE);
    }

    @Test
    void releaseAll_leasesAndRefreshes_areGivenBackInOneStepPerKind() {
        makeStale("a", "b");
        List<Request<String>> requests = one.requests("a", "new", "b", "newer");
        List<Found<String>> leases = leaseAll(one, requests);
        store.forgetCommands();

        one.tier.releaseAll(requests, leases);

        assertThat(store.commands()).containsExactly(Command.DROP_ALL_IF, Command.REPLACE_PREFIXES);
        assertThat(store.keys()).containsExactly("test:cache:a", "test:cache:b");
        assertThat(leaseAll(two, two.requests("a", "b", "new")))
                .extracting(Found::kind)
                .containsOnly(Kind.MINE);
    }

    @Test
    void storeAll_fails_givesTheLeasesBackInOneStep() {
        List<Request<String>> requests = one.requests("a", "b", "c");
        List<Found<String>> leases = leaseAll(one, requests);
        store.failing(Command.PUT_ALL_IF);

        one.tier.storeAll(
                requests,
                leases,
                requests.stream().map(each -> one.loaded(each, "v")).toList());

        assertThat(store.keys()).isEmpty();
        assertThat(store.count(Command.DROP_ALL_IF)).isEqualTo(1);
    }
}
