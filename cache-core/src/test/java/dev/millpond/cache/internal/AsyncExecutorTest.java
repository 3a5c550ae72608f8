package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncExecutorTest {

    private final AsyncExecutor executor = new AsyncExecutor();

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void execute_task_runsOnANamedDaemonThread() {
        Thread thread =
                CompletableFuture.supplyAsync(Thread::currentThread, executor).join();

        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).matches("millpond-cache-\\d+");
    }

    @Test
    void execute_manyTasks_runsAtMost32AtOnceAndAllInTheEnd() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch allPlacesTaken = new CountDownLatch(32);
        List<CompletableFuture<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(CompletableFuture.runAsync(
                    () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        allPlacesTaken.countDown();
                        awaitQuietly(allPlacesTaken);
                        running.decrementAndGet();
                    },
                    executor));
        }

        tasks.forEach(CompletableFuture::join);

        assertThat(most).hasValue(32);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closing a registry ends its background work; asynchronous reads must still complete. */
    @Test
    void execute_closed_runsOnTheCallingThread() {
        executor.close();

        assertThat(CompletableFuture.supplyAsync(Thread::currentThread, executor))
                .isCompletedWithValue(Thread.currentThread());
    }
}
