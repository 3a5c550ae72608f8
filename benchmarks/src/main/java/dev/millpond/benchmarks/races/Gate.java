package dev.millpond.benchmarks.races;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds the first thread that comes, until it is opened; thread-safe. */
final class Gate {

    private static final long LIMIT_SECONDS = 20;

    private final CompletableFuture<Boolean> arrived = new CompletableFuture<>();
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Waits until the gate is opened. */
    void pass() {
        arrived.complete(true);
        try {
            if (!opened.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A race stood still for 20 s: nobody opened its gate.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted at the gate of a race.", e);
        }
    }

    /**
     * Waits until a reader stands at the gate.
     *
     * @return false if it found another way and has ended
     */
    boolean awaitArrival(CompletableFuture<?> reader) throws Exception {
        CompletableFuture.anyOf(arrived, reader).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return arrived.isDone();
    }

    void open() {
        opened.countDown();
    }
}
