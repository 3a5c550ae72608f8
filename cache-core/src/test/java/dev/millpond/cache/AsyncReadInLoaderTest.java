package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Asynchronous reads inside loaders, which must never wait for a thread that waits for them. */
class AsyncReadInLoaderTest {

    /** Three times the threads that the default executor has. */
    private static final int LOADS = 100;

    private static final int SECONDS = 20;

    @Test
    void getAsync_manyLoadsThatJoinAnotherCache_allComplete() throws Exception {
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            CountDownLatch allAskedFor = new CountDownLatch(1);
            LoadingCache<Integer, Integer> inner =
                    registry.newCache("inner", Integer.class).build((Integer key) -> key);
            LoadingCache<Integer, Integer> outer = registry.newCache("outer", Integer.class)
                    .build((Integer key) -> {
                        allAskedFor.await();
                        return inner.getAsync(key).join() + 1;
                    });

            List<CompletableFuture<Integer>> loads =
                    IntStream.range(0, LOADS).mapToObj(outer::getAsync).toList();
            allAskedFor.countDown();

            for (int i = 0; i < LOADS; i++) {
                assertThat(loads.get(i).get(SECONDS, TimeUnit.SECONDS)).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void getAsync_onAnExecutorOfOneThread_completes() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try (CacheRegistry registry = CacheRegistry.builder().executor(single).build()) {
            LoadingCache<Integer, Integer> inner =
                    registry.newCache("inner", Integer.class).build((Integer key) -> key);
            LoadingCache<Integer, Integer> outer = registry.newCache("outer", Integer.class)
                    .build((Integer key) -> inner.getAsync(key).join() + 1);

            assertThat(outer.getAsync(1).get(SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void getAsync_executorHasNoThread_failsTheFuture() {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        try (CacheRegistry registry = CacheRegistry.builder().executor(full).build()) {
            LoadingCache<String, String> cache =
                    registry.newCache("cache", String.class).build((String key) -> key);

            assertThat(cache.getAsync("a"))
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void getAsync_insideALoader_isCompleteAtOnceOnTheCallingThread() {
        Executor none = task -> {
            throw new AssertionError("no thread is needed");
        };
        try (CacheRegistry registry = CacheRegistry.builder().executor(none).build()) {
            LoadingCache<String, String> inner = registry.newCache("inner", String.class)
                    .build((String key) -> Thread.currentThread().getName());
            LoadingCache<String, String> outer = registry.newCache("outer", String.class)
                    .build((String key) -> {
                        CompletableFuture<String> name = inner.getAsync(key);
                        assertThat(name).isCompleted();
                        return name.join();
                    });

            assertThat(outer.get("a")).isEqualTo(Thread.currentThread().getName());
        }
    }

    /** What fails is the read alone, which the loader may do without. */
    @Test
    void getAsync_failsInsideALoader_givesAFailedFuture() {
        IOException failure = new IOException("down");
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            LoadingCache<String, String> inner = registry.newCache("inner", String.class)
                    .build((String key) -> {
                        throw failure;
                    });
            LoadingCache<String, String> outer = registry.newCache("outer", String.class)
                    .build((String key) ->
                            inner.getAsync(key).exceptionally(e -> "none").join());

            assertThat(outer.get("a")).isEqualTo("none");
        }
    }
}
