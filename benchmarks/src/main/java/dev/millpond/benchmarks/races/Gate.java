package dev.millpond.benchmarks.races;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds the first thread that comes, until it is opened; thread-safe. */
final class Gate {

    private static final long LIMIT_SECONDS = 20;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Waits until the gate is opened. */
    void pass() {
        arrived.countDown();
        await(opened, "nobody opened it");
    }

    /** Waits until somebody stands at the gate. */
    void awaitArrival() {
        await(arrived, "nobody came");
    }

    void open() {
        opened.countDown();
    }

    private static void await(CountDownLatch latch, String failure) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A race stood still at its gate for 20 s: " + failure + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted at the gate of a race.", e);
        }
    }
}
