package dev.millpond.cache.internal;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads that count how many of them run at once, and end when the test says so. */
public final class HeldLoads {

    public final AtomicInteger most = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger loads;
    private final CountDownLatch open = new CountDownLatch(1);

    /**
     * Creates loads that are held.
     *
     * @param loads counts each that begins; a test may count others there too
     */
    public HeldLoads(AtomicInteger loads) {
        this.loads = loads;
    }

    /** Loads a value once the test lets it. */
    public String load(Object key) throws InterruptedException {
        begin();
        try {
            open.await();
            return "v" + key;
        } finally {
            running.decrementAndGet();
        }
    }

    /** Loads a value once the test lets it, and does not end sooner when it is interrupted. */
    String loadWhateverComes(Object key) {
        begin();
        boolean interrupted = false;
        while (open.getCount() > 0) {
            try {
                open.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        running.decrementAndGet();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return "v" + key;
    }

    private void begin() {
        loads.incrementAndGet();
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
    }

    /** Waits until so many run. */
    public void awaitRunning(int count) {
        await().until(() -> running.get() == count);
    }

    /** Lets all go on, also those that begin later. */
    public void release() {
        open.countDown();
    }
}
