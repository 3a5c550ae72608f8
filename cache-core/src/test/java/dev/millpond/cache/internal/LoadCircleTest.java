package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.BulkCacheLoader;
import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheLoader;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Loads on several threads that wait for each other, over a store that keeps leases as Redis does.
 *
 * <p>The lease time is so long that a test ends too late where a load waits until its patience, or a lease, has ended.
 */
@Timeout(30)
class LoadCircleTest {

    private static final String IN_A_CIRCLE =
            " was asked by a loader for a key whose own load waits for that loader: loaders read each other's keys in a"
                    + " circle. Let one of them read the source instead.";

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final CacheRegistry registry = AssembledRegistry.of(time, store, new InMemoryInvalidationLog(time).node());
    private final Map<String, LoadingCache<Integer, String>> caches = new ConcurrentHashMap<>();
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final TestThreads threads = new TestThreads();
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void leavesNothingBehind() throws InterruptedException {
        threads.interruptAndJoin();
        registry.close();
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
    }

    /** Holds a load until the test lets it go on. */
    private static final class Gate {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void pass() throws InterruptedException {
            reached.countDown();
            open.await();
        }
    }

    /** Makes the gate in front of what a loader reads for a key. */
    private Gate gate(String cache, int key) {
        return gates.computeIfAbsent(cache + key, name -> new Gate());
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class).leaseTime(Duration.ofMinutes(10));
    }

    /** Makes a cache whose loader stops at the key's gate if there is one, and then goes on. */
    private void cache(String name, CacheLoader<Integer, String> loader) {
        caches.put(name, builder(name).build((Integer key) -> {
            loads.incrementAndGet();
            passGate(name, key);
            return loader.load(key);
        }));
    }

    private void bulk(String name, CacheLoader<Set<Integer>, String> loader) {
        BulkCacheLoader<Integer, String> all = keys -> {
            loads.incrementAndGet();
            passGate(name, keys.iterator().next());
            String value = Objects.requireNonNull(loader.load(keys));
            return keys.stream().collect(Collectors.toMap(key -> key, key -> value));
        };
        caches.put(name, builder(name).buildBulk(all));
    }

    private void passGate(String cache, int key) throws InterruptedException {
        Gate gate = gates.get(cache + key);
        if (gate != null) {
            gate.pass();
        }
    }

    private LoadingCache<Integer, String> cache(String name) {
        return Objects.requireNonNull(caches.get(name));
    }

    /** Begins a read and returns when its load is at its gate. */
    private <T> FutureTask<T> beginUpTo(Gate gate, Callable<T> read) throws InterruptedException {
        FutureTask<T> task = threads.begin(read);
        gate.reached.await();
        return task;
    }

    /** Lets the load of a thread go on until it waits for another one's. */
    private void letWait(Gate gate, int thread) {
        gate.open.countDown();
        await().until(() -> threads.get(thread).getState() == Thread.State.TIMED_WAITING);
    }

    private static void assertInACircle(ThrowingCallable read, String cache, String asked) {
        assertThatThrownBy(read)
                .cause()
                .isInstanceOf(CacheLoadException.class)
                .hasMessage(
                        "The loader of cache '" + cache + "' failed, and there is no value that may be served instead.")
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cache '" + asked + "'" + IN_A_CIRCLE);
    }

    @Test
    void get_twoLoadersReadEachOther_failsAtOnce() throws Exception {
        Gate one = gate("one", 1);
        Gate two = gate("two", 1);
        cache("one", key -> cache("two").get(key));
        cache("two", key -> cache("one").get(key));
        FutureTask<String> first = beginUpTo(one, () -> cache("one").get(1));
        FutureTask<String> second = beginUpTo(two, () -> cache("two").get(1));
        letWait(one, 0);

        two.open.countDown();

        assertInACircle(second::get, "two", "one");
        assertInACircle(first::get, "one", "one");
        assertThat(loads).hasValue(2);
    }

    @Test
    void get_threeLoadersReadEachOther_failsAtOnce() throws Exception {
        cache("one", key -> cache("two").get(key));
        cache("two", key -> cache("three").get(key));
        cache("three", key -> cache("one").get(key));
        List<FutureTask<String>> reads = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            reads.add(beginUpTo(gate(name, 1), () -> cache(name).get(1)));
        }
        letWait(gate("three", 1), 2);
        letWait(gate("one", 1), 0);

        gate("two", 1).open.countDown();

        assertInACircle(reads.get(1)::get, "two", "three");
        assertInACircle(reads.get(0)::get, "one", "three");
        assertInACircle(reads.get(2)::get, "three", "three");
        assertThat(loads).hasValue(3);
    }

    @Test
    void getAll_bulkLoadersReadEachOther_failsAtOnce() throws Exception {
        Gate one = gate("one", 1);
        Gate two = gate("two", 2);
        bulk("one", keys -> cache("two").getAll(List.of(2, 3)).toString());
        bulk("two", keys -> cache("one").get(1));
        FutureTask<Map<Integer, String>> first =
                beginUpTo(one, () -> cache("one").getAll(List.of(1)));
        FutureTask<Map<Integer, String>> second =
                beginUpTo(two, () -> cache("two").getAll(List.of(2, 3, 4)));
        letWait(two, 1);

        one.open.countDown();

        assertInACircle(first::get, "one", "two");
        assertInACircle(second::get, "two", "two");
    }

    /** A circle through two loads of one thread: the inner one is waited for, and the outer one waits. */
    @Test
    void get_nestedLoadsReadEachOther_failsAtOnce() throws Exception {
        Gate inner = gate("inner", 1);
        Gate other = gate("other", 1);
        cache("outer", key -> cache("inner").get(key));
        cache("inner", key -> cache("other").get(key));
        cache("other", key -> cache("outer").get(key));
        FutureTask<String> first = beginUpTo(inner, () -> cache("outer").get(1));
        FutureTask<String> second = beginUpTo(other, () -> cache("other").get(1));
        letWait(inner, 0);

        other.open.countDown();

        assertInACircle(second::get, "other", "outer");
        assertInACircle(first::get, "outer", "outer");
    }

    /** The last one to wait sees all the others, however close they are. */
    @Test
    void get_loadersReadEachOtherAtTheSameMoment_failsEachTime() throws Exception {
        CyclicBarrier bothLoad = new CyclicBarrier(2);
        cache("one", key -> {
            bothLoad.await();
            return cache("two").get(key);
        });
        cache("two", key -> {
            bothLoad.await();
            return cache("one").get(key);
        });
        for (int i = 0; i < 500; i++) {
            int key = i;
            FutureTask<String> first = threads.begin(() -> cache("one").get(key));
            FutureTask<String> second = threads.begin(() -> cache("two").get(key));

            for (FutureTask<String> read : List.of(first, second)) {
                assertThatThrownBy(read::get).rootCause().isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(loads).hasValue(1_000);
    }

    /** It has asked for the value, and may make something else of it when it is there. */
    @Test
    void get_loaderDoesWithoutWhatIsInACircle_dependsOnItAllTheSame() throws Exception {
        Gate one = gate("one", 1);
        Gate two = gate("two", 1);
        cache("one", key -> cache("two").get(key));
        cache("two", key -> {
            try {
                return cache("one").get(key);
            } catch (IllegalStateException e) {
                return "alone";
            }
        });
        FutureTask<String> first = beginUpTo(one, () -> cache("one").get(1));
        FutureTask<String> second = beginUpTo(two, () -> cache("two").get(1));
        letWait(one, 0);
        two.open.countDown();
        assertThat(second.get()).isEqualTo("alone");
        assertThat(first.get()).isEqualTo("alone");

        cache("one").invalidate(1);

        assertThat(cache("two").getIfPresent(1)).isEmpty();
    }

    @Test
    void get_loadWaitsForAnotherOneWithoutACircle_sharesIt() throws Exception {
        Gate base = gate("base", 1);
        cache("derived", key -> cache("base").get(key) + "!");
        cache("base", key -> "value");
        FutureTask<String> first = beginUpTo(base, () -> cache("base").get(1));
        FutureTask<String> second = threads.begin(() -> cache("derived").get(1));
        await().until(() -> threads.get(1).getState() == Thread.State.TIMED_WAITING);

        base.open.countDown();

        assertThat(first.get()).isEqualTo("value");
        assertThat(second.get()).isEqualTo("value!");
        assertThat(loads).hasValue(2);
    }

    /** Both threads have waited for one another by then, but never at once. */
    @Test
    void get_loadsWaitForEachOtherOneAfterTheOther_goOn() throws Exception {
        Gate base = gate("base", 1);
        Gate last = gate("last", 1);
        cache("base", key -> "base");
        cache("last", key -> "last");
        cache("first", key -> cache("base").get(key) + ' ' + cache("last").get(key));
        cache("second", key -> cache("base").get(key) + ' ' + cache("last").get(key));
        FutureTask<String> first = beginUpTo(base, () -> cache("first").get(1));
        FutureTask<String> second = threads.begin(() -> cache("second").get(1));
        await().until(() -> threads.get(1).getState() == Thread.State.TIMED_WAITING);
        base.open.countDown();
        last.reached.await();

        last.open.countDown();

        assertThat(first.get()).isEqualTo("base last");
        assertThat(second.get()).isEqualTo("base last");
        assertThat(loads).hasValue(4);
    }

    @Test
    void get_interruptedWhileItsLoadWaits_failsAloneAndLeavesNothingBehind() throws Exception {
        Gate base = gate("base", 1);
        cache("derived", key -> cache("base").get(key) + "!");
        cache("base", key -> "value");
        FutureTask<String> loading = beginUpTo(base, () -> cache("base").get(1));
        FutureTask<String> interrupted = threads.begin(() -> cache("derived").get(1));
        await().until(() -> threads.get(1).getState() == Thread.State.TIMED_WAITING);

        threads.get(1).interrupt();

        assertThatThrownBy(interrupted::get).hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
        base.open.countDown();
        assertThat(loading.get()).isEqualTo("value");
        assertThat(cache("derived").get(1)).isEqualTo("value!");
    }

    @Test
    void get_joinedALoadThatIsInterruptedWhileItWaits_readsForItself() throws Exception {
        Gate base = gate("base", 1);
        cache("derived", key -> cache("base").get(key) + "!");
        cache("base", key -> "value");
        FutureTask<String> loading = beginUpTo(base, () -> cache("base").get(1));
        FutureTask<String> interrupted = threads.begin(() -> cache("derived").get(1));
        await().until(() -> threads.get(1).getState() == Thread.State.TIMED_WAITING);
        FutureTask<String> joined = threads.begin(() -> cache("derived").get(1));
        await().until(() -> threads.get(2).getState() == Thread.State.TIMED_WAITING);

        threads.get(1).interrupt();
        assertThatThrownBy(interrupted::get).hasRootCauseInstanceOf(InterruptedException.class);
        base.open.countDown();

        assertThat(loading.get()).isEqualTo("value");
        assertThat(joined.get()).isEqualTo("value!");
    }

    @Test
    void getAll_oneByOneAndTheLoaderReadsAnotherOfTheKeys_loadsThatFirst() {
        cache("tree", key -> key == 3 ? "root" : cache("tree").get(key + 1) + '>' + key);

        assertThat(cache("tree").getAll(List.of(1, 2, 3))).isEqualTo(Map.of(1, "root>2>1", 2, "root>2", 3, "root"));

        assertThat(loads).hasValue(3);
        assertThat(store.keys()).containsExactly("test:tree:1", "test:tree:2", "test:tree:3");
    }

    @Test
    void getAll_oneByOneAndTheLoadersReadEachOther_saysSo() {
        cache("tree", key -> cache("tree").get(3 - key));

        assertThatThrownBy(() -> cache("tree").getAll(List.of(1, 2)))
                .isInstanceOf(CacheLoadException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cache 'tree' was asked by its loader for the key that it is loading.");
    }

    @Test
    void getAll_oneByOneAndAnotherLoadReadsALaterKey_bothGoOn() throws Exception {
        loadTeamsAndALeagueThatNeedEachOther(gate("teams", 1), 0, gate("leagues", 1));
    }

    @Test
    void getAll_oneByOneAndAnotherLoadWaitsForALaterKey_bothGoOn() throws Exception {
        loadTeamsAndALeagueThatNeedEachOther(gate("leagues", 1), 1, gate("teams", 1));
    }

    /**
     * What the other thread asks for is not being loaded yet, so nobody has read its own key.
     *
     * @param first the load that goes on and waits for the other one
     * @param thread the number of its thread
     */
    private void loadTeamsAndALeagueThatNeedEachOther(Gate first, int thread, Gate second) throws Exception {
        cache("teams", key -> key == 1 ? cache("leagues").get(1) : "second team");
        cache("leagues", key -> "league of the " + cache("teams").get(2));
        FutureTask<Map<Integer, String>> teams =
                beginUpTo(gate("teams", 1), () -> cache("teams").getAll(List.of(1, 2)));
        FutureTask<String> leagues =
                beginUpTo(gate("leagues", 1), () -> cache("leagues").get(1));
        letWait(first, thread);

        second.open.countDown();

        assertThat(leagues.get()).isEqualTo("league of the second team");
        assertThat(teams.get()).isEqualTo(Map.of(1, "league of the second team", 2, "second team"));
    }
}
