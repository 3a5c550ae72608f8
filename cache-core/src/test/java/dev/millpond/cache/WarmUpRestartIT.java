package dev.millpond.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobRun;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Warm-ups whose process ends before they have, over a real Redis. */
class WarmUpRestartIT {

    private static final int KEYS = 2_000;
    private static final int BATCH = 100;

    /** A lease that nobody gave back would keep the next process from loading. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Duration SHORT = Duration.ofSeconds(1);

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    @AutoClose
    private final RedisNodes nodes = new RedisNodes(redis.url(), "restart");

    private final Map<Integer, Integer> loads = new HashMap<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void empty() {
        redis.server().flush();
    }

    @AfterEach
    void release() {
        end.countDown();
    }

    /** Returns a cache whose source stands still from a batch on, until the test goes on. */
    private LoadingCache<Integer, String> cache(CacheRegistry registry, Duration leaseTime, int held) {
        return registry.newCache("teams", String.class)
                .leaseTime(leaseTime)
                .localMaximumSize(1)
                .buildBulk((Set<Integer> keys) -> load(keys, held));
    }

    private Map<Integer, String> load(Set<Integer> keys, int held) throws InterruptedException {
        synchronized (loads) {
            keys.forEach(key -> loads.merge(key, 1, Integer::sum));
        }
        if (batches.incrementAndGet() > held) {
            end.await();
        }
        Map<Integer, String> values = new HashMap<>();
        keys.forEach(key -> values.put(key, "v" + key));
        return values;
    }

    private static Warmer warmer(LoadingCache<Integer, String> cache) {
        return cache.warmer(() -> IntStream.range(0, KEYS).boxed())
                .batchSize(BATCH)
                .concurrency(2)
                .build();
    }

    private long loadedTwice() {
        synchronized (loads) {
            return loads.values().stream().filter(times -> times > 1).count();
        }
    }

    @Test
    void run_jobsAndCachesClosedInTheMiddle_isFinishedByTheNextProcessWithoutLoadingAnythingTwice() throws Exception {
        RedisConnection connection = nodes.connect();
        CacheRegistry registry = nodes.start(connection);
        AtomicReference<@Nullable JobRun> current = new AtomicReference<>();
        Jobs jobs = jobs(connection, warmer(cache(registry, LONG, 8)).warmUp(), current);
        jobs.start();
        await().until(() -> batches.get() == 10);

        Thread closing = new Thread(jobs::close);
        closing.start();
        await().until(() -> requireNonNull(current.get()).isCancelled());
        end.countDown();
        closing.join();
        registry.close();
        connection.close();
        WarmUpReport report =
                warmer(cache(nodes.start(), LONG, Integer.MAX_VALUE)).run();

        JobState.Result ended = jobs.state("teams").last().orElseThrow();
        assertThat(ended.status()).isEqualTo(JobState.Status.CANCELLED);
        assertThat(ended.stoppedBy()).hasValue("the end of the jobs");
        assertThat(ended.counts()).containsEntry("loaded", 10L * BATCH);
        assertThat(report.ending()).isEqualTo(WarmUpReport.Ending.COMPLETED);
        // One batch less if Redis was too slow to take it.
        assertThat(report.skipped()).isBetween(9L * BATCH, 10L * BATCH);
        assertThat(report.loaded()).isEqualTo(KEYS - report.skipped());
        assertThat(loads).hasSize(KEYS);
        assertThat(loadedTwice()).isEqualTo(10L * BATCH - report.skipped());
    }

    private static Jobs jobs(RedisConnection connection, Job warmUp, AtomicReference<@Nullable JobRun> current) {
        return Jobs.builder()
                .redis(connection)
                .namespace("restart")
                .job(Job.of("teams", run -> {
                            current.set(run);
                            return warmUp.task().run(run);
                        })
                        .atStart())
                .build();
    }

    @Test
    void run_processDiesInTheMiddle_isFinishedWhenItsLeasesHaveEnded() throws Exception {
        RedisConnection connection = nodes.connect();
        Thread first = new Thread(warmer(cache(nodes.start(connection), SHORT, 4))::run);
        first.start();
        await().until(() -> batches.get() == 6);

        connection.close();
        Warmer second = warmer(cache(nodes.start(), SHORT, Integer.MAX_VALUE));
        AtomicLong loaded = new AtomicLong(second.run().loaded());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> loaded.addAndGet(second.run().loaded()) >= KEYS - 4 * BATCH);

        assertThat(loads).hasSize(KEYS);
        assertThat(second.run().skipped()).isGreaterThanOrEqualTo(KEYS - BATCH);
        end.countDown();
        first.join();
    }
}
