package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobRun;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The job {@code clean}, which at the start does half of what it is to do, and the rest when this is closed. */
final class HalfDoneJob implements AutoCloseable {

    private final CountDownLatch half = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    Job job() {
        return Job.of("clean", this::run).atStart();
    }

    private Map<String, Long> run(JobRun run) throws InterruptedException {
        run.progress(1, 2);
        half.countDown();
        end.await();
        return Map.of();
    }

    void awaitHalf() throws InterruptedException {
        assertThat(half.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        end.countDown();
    }
}
