package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheBuilder;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers of one key hear of a read of several that fails. */
@Timeout(30)
class FailedBulkReadTest {

    private final FakeTicker time = new FakeTicker();
    private final InMemoryCacheStore store = new InMemoryCacheStore(time);
    private final CacheRegistry registry = AssembledRegistry.of(time, store, new InMemoryInvalidationLog(time).node());
    private final TestThreads threads = new TestThreads();
    private final Map<Integer, AtomicInteger> loads = new ConcurrentHashMap<>();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void leavesNothingBehind() throws InterruptedException {
        threads.interruptAndJoin();
        registry.close();
        assertThat(WaitForGraph.OF_PROCESS.isEmpty()).isTrue();
    }

    private CacheBuilder<String> builder() {
        return registry.newCache("cache", String.class).leaseTime(Duration.ofMinutes(10));
    }

    /** Fails for key 2, once the test lets it. */
    private String load(int key) throws Exception {
        loads.computeIfAbsent(key, absent -> new AtomicInteger()).incrementAndGet();
        if (key == 2) {
            loading.countDown();
            goOn.await();
            throw new IOException("down");
        }
        return "v" + key;
    }

    private <T> FutureTask<T> beginToWait(Callable<T> read) {
        FutureTask<T> task = threads.begin(read);
        await().until(() -> threads.last().getState() == Thread.State.TIMED_WAITING);
        return task;
    }

    @Test
    void getAll_oneByOneAndALoadFails_onlyThoseWhoJoinedThatHearOfIt() throws Exception {
        LoadingCache<Integer, String> cache = builder().build(this::load);
        FutureTask<Map<Integer, String>> all = threads.begin(() -> cache.getAll(List.of(1, 2, 3)));
        loading.await();
        FutureTask<String> loaded = beginToWait(() -> cache.get(1));
        FutureTask<String> failing = beginToWait(() -> cache.get(2));
        FutureTask<String> untried = beginToWait(() -> cache.get(3));

        goOn.countDown();

        assertThatThrownBy(all::get).hasRootCauseMessage("down");
        assertThat(loaded.get()).isEqualTo("v1");
        assertThatThrownBy(failing::get).hasRootCauseMessage("down");
        assertThat(untried.get()).isEqualTo("v3");
        assertThat(loads).hasEntrySatisfying(1, count -> assertThat(count).hasValue(1));
        assertThat(store.keys()).as("what was loaded, and no lease").containsExactly("test:cache:1", "test:cache:3");
    }

    @Test
    void getAll_atOnceAndTheLoadFails_allWhoJoinedHearOfIt() throws Exception {
        LoadingCache<Integer, String> cache = builder().buildBulk(keys -> {
            load(2);
            return Map.of();
        });
        FutureTask<Map<Integer, String>> all = threads.begin(() -> cache.getAll(List.of(1, 2, 3)));
        loading.await();
        List<FutureTask<String>> joined = List.of(beginToWait(() -> cache.get(1)), beginToWait(() -> cache.get(3)));

        goOn.countDown();

        assertThatThrownBy(all::get).hasRootCauseMessage("down");
        assertThat(joined).allSatisfy(read -> assertThatThrownBy(read::get).hasRootCauseMessage("down"));
        assertThat(loads).hasEntrySatisfying(2, count -> assertThat(count).hasValue(1));
    }
}
