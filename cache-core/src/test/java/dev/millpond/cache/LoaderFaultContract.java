package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millpond.cache.CacheResult.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers see of a loader that does what it should not; the next read works in any case. */
@Timeout(60)
abstract class LoaderFaultContract {

    private static final Duration HARD_TIMEOUT = Duration.ofMillis(500);
    private static final List<String> KEYS = List.of("a", "b");

    private final CacheRegistry registry;
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Creates the contract for a registry whose caches keep what they load. */
    LoaderFaultContract(CacheRegistry registry) {
        this.registry = registry;
    }

    @AfterEach
    void close() {
        goOn.countDown();
        registry.close();
    }

    final CacheBuilder<String> builder() {
        return registry.newCache("faults", String.class);
    }

    /** Makes a cache whose first load does something else. */
    private LoadingCache<String, String> atFirst(CacheBuilder<String> builder, CacheLoader<String, String> fault) {
        return builder.build((String key) -> loads.incrementAndGet() == 1 ? fault.load(key) : "v");
    }

    /** On a slow machine that may take longer than the timeout, too. */
    private void assertTheNextReadWorks(LoadingCache<String, String> cache) {
        await().ignoreExceptionsInstanceOf(CacheLoadException.class)
                .untilAsserted(() -> assertThat(cache.get("a")).isEqualTo("v"));
        await().untilAsserted(() -> assertThat(cache.lookup("a").source()).isEqualTo(Source.LOCAL));
    }

    @Test
    void loader_throws_isTheCauseAndTheNextReadLoads() {
        IOException failure = new IOException("down");
        LoadingCache<String, String> cache = atFirst(builder(), key -> {
            throw failure;
        });

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasCause(failure);

        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_throwsAnError_isThrownItselfAndTheNextReadLoads() {
        Error failure = new StackOverflowError();
        LoadingCache<String, String> cache = atFirst(builder(), key -> {
            throw failure;
        });

        assertThatThrownBy(() -> cache.get("a")).isSameAs(failure);

        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_throwsAnErrorOnAThreadOfItsOwn_isThrownItselfAndTheNextReadLoads() {
        Error failure = new StackOverflowError();
        LoadingCache<String, String> cache = atFirst(builder().hardTimeout(Duration.ofMinutes(1)), key -> {
            throw failure;
        });

        assertThatThrownBy(() -> cache.get("a")).isSameAs(failure);

        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_returnsNull_isAnAbsentValue() {
        LoadingCache<String, String> cache = atFirst(builder(), key -> null);

        assertThat(cache.find("a")).isEmpty();
        assertThat(cache.find("a")).isEmpty();

        assertThat(loads).hasValue(1);
    }

    @Test
    void loader_hangs_isInterruptedAndTheNextReadLoads() {
        LoadingCache<String, String> cache = atFirst(builder().hardTimeout(HARD_TIMEOUT), key -> {
            goOn.await();
            return "too late";
        });

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("took longer than its hardTimeout of 500 ms");

        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_returnsAfterTheHardTimeout_isNotStored() {
        LoadingCache<String, String> cache = atFirst(builder().hardTimeout(HARD_TIMEOUT), key -> {
            awaitWhateverHappens(goOn);
            return "too late";
        });
        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);

        goOn.countDown();

        await().until(() -> cache.stats().rejectedStores() == 1);
        assertTheNextReadWorks(cache);
    }

    static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // as drivers do that know no interrupts
            }
        }
    }

    @Test
    void loader_readsItsOwnKey_saysSoAndTheNextReadLoads() {
        AtomicReference<@Nullable LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache =
                atFirst(builder(), key -> Objects.requireNonNull(self.get()).get(key));
        self.set(cache);

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cache 'faults' was asked by its loader for the key that it is loading. A loader must not"
                        + " read its own key.");

        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_readsItsOwnKeyOnAThreadOfItsOwnWithOnePermit_saysSo() {
        AtomicReference<@Nullable LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = atFirst(
                builder().hardTimeout(Duration.ofMinutes(1)).maximumConcurrentLoads(1),
                key -> Objects.requireNonNull(self.get()).get(key));
        self.set(cache);

        assertThatThrownBy(() -> cache.get("a"))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("A loader must not read its own key.");

        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_isInterrupted_failsAndTheThreadStaysInterrupted() {
        LoadingCache<String, String> cache = atFirst(builder().failureTimeToLive(Duration.ofMinutes(1)), key -> {
            goOn.await();
            return "v";
        });
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheLoadException.class)
                .hasCauseInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_interruptsItsThread_isAnsweredAndTheThreadStaysInterrupted() {
        LoadingCache<String, String> cache = atFirst(builder(), key -> {
            Thread.currentThread().interrupt();
            return "v";
        });

        assertThat(cache.get("a")).isEqualTo("v");

        assertThat(Thread.interrupted()).isTrue();
        assertTheNextReadWorks(cache);
    }

    @Test
    void loader_interruptsAThreadOfItsOwn_isAnsweredAndItsCallerIsNotInterrupted() {
        LoadingCache<String, String> cache = atFirst(builder().hardTimeout(Duration.ofMinutes(1)), key -> {
            Thread.currentThread().interrupt();
            return "v";
        });

        assertThat(cache.get("a")).isEqualTo("v");

        assertThat(Thread.interrupted()).isFalse();
        assertTheNextReadWorks(cache);
    }

    @Test
    void caller_isInterruptedWhileAnotherThreadLoads_failsAndTheLoadGoesOn() throws Exception {
        LoadingCache<String, String> cache = atFirst(builder().hardTimeout(Duration.ofMinutes(1)), key -> {
            goOn.await();
            return "v";
        });
        FutureTask<Boolean> read = new FutureTask<>(() -> {
            assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheLoadException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = new Thread(read);
        caller.start();
        await().until(() -> loads.get() == 1);

        caller.interrupt();

        assertThat(read.get()).isTrue();
        goOn.countDown();
        assertThat(cache.get("a")).isEqualTo("v");
        assertThat(loads).hasValue(1);
    }

    @Test
    void loader_throwsInABulkRead_failsAndTheNextReadLoads() {
        LoadingCache<String, String> cache = atFirst(builder(), key -> {
            throw new IOException("down");
        });

        assertThatThrownBy(() -> cache.getAll(KEYS)).isInstanceOf(CacheLoadException.class);

        assertThat(cache.getAll(KEYS)).hasSize(2);
    }

    /** Makes a cache whose first load of many keys does something else. */
    private LoadingCache<String, String> atFirstOfMany(
            CacheBuilder<String> builder, BulkCacheLoader<String, String> fault) {
        return builder.buildBulk((Set<String> keys) -> loads.incrementAndGet() == 1
                ? fault.loadAll(keys)
                : keys.stream().collect(Collectors.toMap(key -> key, key -> "v")));
    }

    private void assertTheNextBulkReadWorks(LoadingCache<String, String> cache) {
        await().ignoreExceptionsInstanceOf(CacheLoadException.class)
                .untilAsserted(() -> assertThat(cache.getAll(KEYS)).isEqualTo(Map.of("a", "v", "b", "v")));
        assertTheNextReadWorks(cache);
    }

    @Test
    @SuppressWarnings("NullAway") // That is the fault.
    void bulkLoader_returnsNull_saysSoAndTheNextReadLoads() {
        LoadingCache<String, String> cache = atFirstOfMany(builder(), keys -> null);

        assertThatThrownBy(() -> cache.getAll(KEYS))
                .isInstanceOf(CacheLoadException.class)
                .cause()
                .hasMessage("The bulk loader returned null, must return a map. Leave a key out if it has no value.");

        assertTheNextBulkReadWorks(cache);
    }

    @Test
    void bulkLoader_hangs_isInterruptedAndTheNextReadLoads() {
        LoadingCache<String, String> cache = atFirstOfMany(builder().hardTimeout(HARD_TIMEOUT), keys -> {
            goOn.await();
            return Map.of();
        });

        assertThatThrownBy(() -> cache.getAll(KEYS))
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("took longer than its hardTimeout of 500 ms");

        assertTheNextBulkReadWorks(cache);
    }

    @Test
    void bulkLoader_returnsAfterTheHardTimeout_isNotStored() {
        LoadingCache<String, String> cache = atFirstOfMany(builder().hardTimeout(HARD_TIMEOUT), keys -> {
            awaitWhateverHappens(goOn);
            return Map.of("a", "too late", "b", "too late");
        });
        assertThatThrownBy(() -> cache.getAll(KEYS)).isInstanceOf(CacheLoadException.class);

        goOn.countDown();

        await().until(() -> cache.stats().rejectedStores() > 0);
        assertTheNextBulkReadWorks(cache);
    }

    @Test
    void bulkLoader_readsItsOwnKeys_saysSoAndTheNextReadLoads() {
        AtomicReference<@Nullable LoadingCache<String, String>> self = new AtomicReference<>();
        LoadingCache<String, String> cache = atFirstOfMany(
                builder(), keys -> Objects.requireNonNull(self.get()).getAll(keys));
        self.set(cache);

        assertThatThrownBy(() -> cache.getAll(KEYS))
                .isInstanceOf(CacheLoadException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("A loader must not read its own key.");

        assertTheNextBulkReadWorks(cache);
    }

    @Test
    void bulkLoader_isInterrupted_failsAndTheThreadStaysInterrupted() {
        LoadingCache<String, String> cache = atFirstOfMany(builder(), keys -> {
            goOn.await();
            return Map.of();
        });
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> cache.getAll(KEYS)).isInstanceOf(CacheLoadException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertTheNextBulkReadWorks(cache);
    }

    @Test
    void loader_hangsInAnAsyncRead_failsTheFutureAndTheNextReadLoads() {
        LoadingCache<String, String> cache = atFirst(builder().hardTimeout(HARD_TIMEOUT), key -> {
            goOn.await();
            return "too late";
        });

        assertThat(cache.getAsync("a"))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(CacheLoadException.class)
                .withMessageContaining("took longer than its hardTimeout of 500 ms");

        assertTheNextReadWorks(cache);
    }
}
