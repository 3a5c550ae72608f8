package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Read from a cache without pause while something breaks, and note what goes wrong. */
final class Readers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Readers.class);
    private static final Duration PAUSE = Duration.ofMillis(2);
    /** A read asks Redis three times at most, 300 ms each; the rest is for a busy machine. */
    private static final Duration LONGEST = Duration.ofSeconds(6);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();

    /** Begins to read {@code key-0} to {@code key-29}, which lie in many slots. */
    void read(LoadingCache<String, String> cache) {
        threads.execute(() -> {
            for (int i = 0; !threads.isShutdown(); i++) {
                read(cache, "key-" + i % 30);
            }
        });
    }

    /** Stops reading and checks that every read was answered, in time. */
    @Override
    public void close() {
        threads.shutdown();
        await().until(threads::isTerminated);
        Duration longest = Duration.ofNanos(longestNanos.get());
        log.info("{} reads, the longest took {} ms", reads, longest.toMillis());
        assertThat(failures).isEmpty();
        assertThat(reads.get()).isPositive();
        assertThat(longest).isLessThan(LONGEST);
    }

    private void read(LoadingCache<String, String> cache, String key) {
        long start = System.nanoTime();
        try {
            cache.lookup(key);
        } catch (RuntimeException e) {
            failures.add(e);
        }
        longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        reads.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
