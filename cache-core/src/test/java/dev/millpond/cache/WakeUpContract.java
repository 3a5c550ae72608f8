package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.internal.AssembledRegistry;
import dev.millpond.cache.internal.ForwardingStore;
import dev.millpond.cache.internal.redis.RedisBackend;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a reader asks Redis while another node loads; one subclass per topology. Counted in commands, which are the same
 * on a slow machine.
 */
abstract class WakeUpContract {

    private static final String NAMESPACE = "wake-up";
    private static final String KEY = NAMESPACE + ":cache:a";
    private static final Duration LEASE_TIME = Duration.ofSeconds(30);
    private static final int MESSAGES = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(32);

    /** The pauses of 1, 2, 4, 8 and 16 ms that come before the longest. */
    private static final int SHORTER_PAUSES = 5;

    private static final String GET = "get";
    private static final String RELEASED = "released";

    private final Servers redis;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    WakeUpContract(Servers redis) {
        this.redis = redis;
        redis.flush();
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void get_otherNodeLoads_looksOnceMoreAfterItHasStored() {
        Holder holder = new Holder();
        Watched waiterStore = new Watched();
        LoadingCache<String, String> waiter = node(waiterStore, key -> "loaded by the waiter");
        long begunAt = System.nanoTime();
        CompletableFuture<String> waiting = waiter.getAsync("a");
        awaitLongestPauses(waiterStore);

        holder.end.complete("loaded");

        assertThat(waiting.join()).isEqualTo("loaded");
        long longestPauses = (System.nanoTime() - begunAt) / LONGEST_PAUSE.toNanos();
        assertThat(holder.held.join()).isEqualTo("loaded");
        await().untilAsserted(() -> assertThat(waiterStore.events).contains(RELEASED));
        assertThat(waiterStore.events).containsOnlyOnce(RELEASED);
        assertThat(waiterStore.getsSinceStoreIn(holder.store)).isLessThanOrEqualTo(1);
        assertThat(waiterStore.getsSinceReleased()).isLessThanOrEqualTo(1);
        assertThat(waiterStore.count(GET)).isLessThanOrEqualTo(SHORTER_PAUSES + longestPauses + 4);
    }

    @Test
    void get_otherNodeFails_isToldThatTheLeaseIsFree() {
        Holder holder = new Holder();
        Watched waiterStore = new Watched();
        CompletableFuture<String> waiting =
                node(waiterStore, key -> "loaded by the waiter").getAsync("a");
        awaitLongestPauses(waiterStore);

        holder.end.completeExceptionally(new IllegalStateException("The source is away."));

        assertThat(waiting.join()).isEqualTo("loaded by the waiter");
        assertThat(holder.held).failsWithin(1, TimeUnit.SECONDS).withThrowableOfType(ExecutionException.class);
        await().untilAsserted(() -> assertThat(waiterStore.events).containsOnlyOnce(RELEASED));
    }

    /** Left to itself, the waiter looks once per longest pause, however slow the machine makes the rest. */
    @Test
    void get_toldOfAReleaseEachTime_looksEachTime() {
        Holder holder = new Holder();
        Watched waiterStore = new Watched();
        CompletableFuture<String> waiting =
                node(waiterStore, key -> "loaded by the waiter").getAsync("a");
        awaitLongestPauses(waiterStore);

        long begunAt = System.nanoTime();
        long begunWith = waiterStore.count(GET);
        for (int i = 0; i < MESSAGES; i++) {
            long before = waiterStore.count(GET);
            redis.masterOf(KEY).command("PUBLISH", "{mp:" + NAMESPACE + "}:c", "released|" + KEY);
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(LEASE_TIME)
                    .until(() -> waiting.isDone() || waiterStore.count(GET) > before);
        }

        long asked = waiterStore.count(GET) - begunWith;
        long leftToItself = (System.nanoTime() - begunAt) / LONGEST_PAUSE.toNanos();
        assertThat(waiting).isNotDone();
        holder.end.complete("loaded");
        assertThat(waiting.join()).isEqualTo("loaded");
        assertThat(holder.held.join()).isEqualTo("loaded");
        assertThat(asked).isGreaterThanOrEqualTo(MESSAGES).isGreaterThan(leftToItself);
    }

    @Test
    void get_nobodyWaits_tellsNobody() {
        Watched otherStore = new Watched();
        LoadingCache<String, String> loads = node(new Watched(), key -> "loaded");
        LoadingCache<String, String> other = node(otherStore, key -> "loaded by the other");

        assertThat(loads.get("a")).isEqualTo("loaded");

        // Comes on the same channel, so what was published before has arrived when this has.
        loads.invalidate("a");
        await().until(() -> other.lookup("a").source() == Source.LOADER);
        assertThat(otherStore.events).doesNotContain(RELEASED);
    }

    private static void awaitLongestPauses(Watched waiter) {
        await().until(() -> waiter.count(GET) > SHORTER_PAUSES);
    }

    private LoadingCache<String, String> node(Watched watched, CacheLoader<String, String> loader) {
        RedisConnection connection = redis.connect();
        open.push(connection);
        RedisBackend backend = RedisBackend.of(connection, NAMESPACE, Ticker.systemTicker(), Duration.ofMillis(500));
        CacheRegistry registry =
                AssembledRegistry.of(NAMESPACE, watched.over(backend.store()), backend.log(), Duration.ofSeconds(2));
        open.push(registry);
        await().until(() -> registry.invalidationStats().trusted());
        return registry.newCache("cache", String.class).leaseTime(LEASE_TIME).build(loader);
    }

    /** A node that loads, until it is said how that ends. */
    private final class Holder {

        private final Watched store = new Watched();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final CompletableFuture<String> held;

        private Holder() {
            CompletableFuture<String> begun = new CompletableFuture<>();
            held = node(store, key -> {
                        begun.complete(key);
                        return end.join();
                    })
                    .getAsync("a");
            begun.join();
        }
    }

    /** Notes what one node asks for the key, what it is told of it, and when it has stored it, in order. */
    private static final class Watched {

        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<Long> gets = new CopyOnWriteArrayList<>();
        private volatile long storedAt;

        CacheStore over(CacheStore store) {
            return new ForwardingStore(store) {
                @Override
                public byte @Nullable [] get(String key) {
                    events.add(GET);
                    gets.add(System.nanoTime());
                    return super.get(key);
                }

                @Override
                public boolean putIf(ConditionalPut put) {
                    boolean stored = super.putIf(put);
                    storedAt = System.nanoTime();
                    return stored;
                }

                @Override
                public void onRelease(Consumer<String> listener) {
                    super.onRelease(key -> {
                        if (key.equals(KEY)) {
                            events.add(RELEASED);
                        }
                        listener.accept(key);
                    });
                }
            };
        }

        long count(String event) {
            return events.stream().filter(event::equals).count();
        }

        /** Returns how many times this node has asked since another one knew that it had stored. */
        long getsSinceStoreIn(Watched holder) {
            return gets.stream().filter(at -> at - holder.storedAt > 0).count();
        }

        /** Returns how many times this node has asked since it was told. */
        long getsSinceReleased() {
            return events.stream()
                    .skip(events.indexOf(RELEASED))
                    .filter(GET::equals)
                    .count();
        }
    }
}
