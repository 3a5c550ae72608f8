package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.internal.RecordedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UpkeepTest {

    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration NEVER = Duration.ofDays(1);

    private final List<Upkeep.Task> tasks = new ArrayList<>();

    @AfterEach
    void close() {
        tasks.forEach(Upkeep.Task::close);
    }

    private Upkeep.Task begin(Upkeep upkeep, Runnable action) {
        Upkeep.Task task = upkeep.everySecond(action);
        tasks.add(task);
        return task;
    }

    private static boolean done(CountDownLatch latch) throws InterruptedException {
        return latch.await(20, TimeUnit.SECONDS);
    }

    @Test
    void everySecond_actionsThatThrow_runAgainAndAreLogged() throws InterruptedException {
        Upkeep upkeep = new Upkeep("A rate limiter", "upkeep", SHORT);
        CountDownLatch runs = new CountDownLatch(3);
        CountDownLatch othersRuns = new CountDownLatch(3);
        try (RecordedLog log = RecordedLog.ofEverybody()) {
            begin(upkeep, othersRuns::countDown);
            begin(upkeep, () -> {
                runs.countDown();
                throw new IllegalStateException("broken");
            });
            assertThat(done(runs)).isTrue();
            assertThat(done(othersRuns)).isTrue();
            assertThat(log.lines())
                    .contains("WARN A rate limiter failed to follow other nodes; it tries again within a second."
                            + " java.lang.IllegalStateException: broken");
        }
    }

    @Test
    void soon_calledDuringARun_runsOnceMore() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(2);
        AtomicInteger count = new AtomicInteger();
        Upkeep upkeep = new Upkeep("A rate limiter", "upkeep", NEVER);
        Upkeep.Task task = begin(upkeep, () -> {
            count.incrementAndGet();
            begun.countDown();
            await(mayGoOn);
            runs.countDown();
        });

        task.soon();
        assertThat(done(begun)).isTrue();
        for (int i = 0; i < 10; i++) {
            task.soon();
        }
        mayGoOn.countDown();

        assertThat(done(runs)).isTrue();
        CountDownLatch allBefore = new CountDownLatch(1);
        begin(upkeep, allBefore::countDown).soon();
        assertThat(done(allBefore)).isTrue();
        assertThat(count).hasValue(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(done(latch)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void close_lastTask_endsTheThread() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CountDownLatch runs = new CountDownLatch(10);
        Upkeep upkeep = new Upkeep("A rate limiter", "upkeep", SHORT);
        Upkeep.Task first = begin(upkeep, () -> thread.complete(Thread.currentThread()));
        Upkeep.Task second = begin(upkeep, runs::countDown);

        thread.get();
        first.close();
        assertThat(done(runs)).as("one goes on without the other").isTrue();
        second.close();
        second.soon();

        assertThat(thread.get().getName()).isEqualTo("upkeep");
        assertThat(thread.get().isDaemon()).isTrue();
        thread.get().join();
    }
}
