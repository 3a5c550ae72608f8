package dev.millpond.runtime.internal.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState.Result;
import dev.millpond.runtime.JobState.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks that block, on real threads. */
class BlockedRunsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<Boolean> interruptedAtRelease = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final FakeFleet fleet = new FakeFleet() {
        @Override
        public void release(Lease lease) {
            interruptedAtRelease.add(Thread.currentThread().isInterrupted());
        }
    };
    private final TimerThread timer = new TimerThread("test-timer");
    private final WorkerThreads workers = new WorkerThreads(1);
    private LiveJobs jobs = started(Job.of("unused", run -> Map.of()));

    private LiveJobs started(Job... all) {
        JobsBuilder builder = new JobsBuilder();
        List.of(all).forEach(builder::job);
        InstantSource clock = InstantSource.system();
        LiveJobs live = builder.build(
                new JobsNode(clock, Ticker.systemTicker(), timer, workers, new OwnLeases(new Tokens(clock)), fleet));
        live.start();
        return live;
    }

    @AfterEach
    void close() {
        end.countDown();
        jobs.close();
    }

    private Job blocked() {
        return Job.of("blocked", run -> {
            begun.countDown();
            end.await();
            return Map.of();
        });
    }

    private Result result(String job) {
        await().atMost(SOON).until(() -> jobs.state(job).last().isPresent());
        return jobs.state(job).last().orElseThrow();
    }

    @Test
    void cancel_blocked_isInterruptedAndTheThreadGoesOn() throws Exception {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        jobs = started(blocked(), Job.of("next", run -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            return Map.of();
        }));
        jobs.runNow("blocked", "alice");
        assertThat(begun.await(10, SECONDS)).isTrue();

        jobs.cancel("blocked", "bob");

        assertThat(result("blocked").status()).isEqualTo(Status.CANCELLED);
        jobs.runNow("next", "alice");
        assertThat(result("next").status()).isEqualTo(Status.SUCCEEDED);
        assertThat(interrupted).containsExactly(false);
        await().atMost(SOON).until(() -> interruptedAtRelease.size() == 2);
        assertThat(interruptedAtRelease).containsOnly(false);
    }

    @Test
    void cancel_taskThatStaysInterrupted_releasesItsLeaseUndisturbed() throws Exception {
        jobs = started(Job.of("blocked", run -> {
            begun.countDown();
            while (!run.isCancelled()) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt();
            return Map.of();
        }));
        jobs.runNow("blocked", "alice");
        assertThat(begun.await(10, SECONDS)).isTrue();

        jobs.cancel("blocked", "bob");

        assertThat(result("blocked").status()).isEqualTo(Status.CANCELLED);
        assertThat(interruptedAtRelease).containsExactly(false);
    }

    @Test
    void run_lostWhileBlocked_isInterrupted() throws Exception {
        fleet.taken = true;
        jobs = started(blocked().every(Duration.ofMillis(100)));
        assertThat(begun.await(10, SECONDS)).isTrue();

        assertThat(result("blocked").status()).isEqualTo(Status.LOST);
    }

    @Test
    void close_withinATask_neitherWaitsNorIsInterrupted() throws Exception {
        CompletableFuture<Duration> took = new CompletableFuture<>();
        jobs = started(Job.of("closer", run -> {
            long before = System.nanoTime();
            jobs.close();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            took.complete(Duration.ofNanos(System.nanoTime() - before));
            return Map.of();
        }));

        jobs.runNow("closer", "alice");

        assertThat(took.get(20, SECONDS)).isLessThan(Duration.ofSeconds(4));
        assertThat(result("closer").status()).isEqualTo(Status.CANCELLED);
    }
}
