package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The job {@code clean}, which at the start does half of what it is to do, and the rest when this is closed. */
public final class HalfDoneJob implements AutoCloseable {

    private final CountDownLatch half = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    public Job job() {
        return Job.of("clean", this::run).atStart();
    }

    private Map<String, Long> run(JobRun run) throws InterruptedException {
        run.progress(1, 2);
        half.countDown();
        end.await();
        return Map.of();
    }

    public void awaitHalf() throws InterruptedException {
        assertThat(half.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        end.countDown();
    }
}
