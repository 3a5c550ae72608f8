package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.spi.LogContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class AsyncReadsTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final AtomicInteger readings = new AtomicInteger();
    private @Nullable Error noThread;
    private final AsyncReads reads = new AsyncReads(this::execute, LogContext::carried, () -> true);

    private void execute(Runnable task) {
        if (noThread != null) {
            throw noThread;
        }
        tasks.add(task);
    }

    private CompletableFuture<@Nullable Object> share() {
        return reads.share("key", () -> "read " + readings.incrementAndGet());
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void share_sameKey_oneReadsAtATime() {
        CompletableFuture<@Nullable Object> first = share();
        CompletableFuture<@Nullable Object> second = share();
        assertThat(tasks).hasSize(1);

        runAll();

        assertThat(first).isCompletedWithValue("read 1");
        assertThat(second).isCompletedWithValue("read 2");
    }

    @Test
    void share_afterAnotherCallersRead_runsInTheContextOfItsOwn() {
        MDC.put("id", "first");
        var unused = share();
        MDC.put("id", "second");
        CompletableFuture<@Nullable Object> second = reads.share("key", () -> MDC.get("id"));
        MDC.clear();

        runAll();

        assertThat(second).isCompletedWithValue("second");
    }

    @Test
    void share_firstCallerCancels_theOthersAreAnswered() {
        CompletableFuture<@Nullable Object> first = share();
        CompletableFuture<@Nullable Object> second = share();

        first.cancel(true);
        assertThat(second).isNotDone();
        runAll();

        assertThat(second).isCompletedWithValue("read 2");
    }

    @Test
    void share_cancelledBeforeItsThreadRuns_isNotInTheWayOfLaterCallers() {
        share().cancel(true);
        runAll();

        CompletableFuture<@Nullable Object> later = share();
        runAll();

        assertThat(later).isCompletedWithValue("read 2");
    }

    @Test
    void share_noThread_failsAndIsNotInTheWayOfLaterCallers() {
        noThread = new OutOfMemoryError("unable to create native thread");
        CompletableFuture<@Nullable Object> failed = share();
        assertThatThrownBy(failed::join).hasRootCauseInstanceOf(OutOfMemoryError.class);

        noThread = null;
        CompletableFuture<@Nullable Object> later = share();
        runAll();

        assertThat(later).isCompletedWithValue("read 1");
    }
}
