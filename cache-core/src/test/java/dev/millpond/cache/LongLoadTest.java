package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A load that takes longer than the lease time, seen by the other callers of its process. */
class LongLoadTest {

    private static final Duration LEASE_TIME = Duration.ofMillis(100);

    @Test
    void get_loadTakesLongerThanALease_waitsForSixLeaseTimesBeforeItLoadsAsWell() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            LoadingCache<String, Integer> cache = registry.newCache("cache", Integer.class)
                    .leaseTime(LEASE_TIME)
                    .build((String key) -> {
                        int load = loads.getAndIncrement();
                        if (load == 1) {
                            loading.countDown();
                            goOn.await();
                        }
                        return load;
                    });
            cache.get("warm-up");
            CompletableFuture<Integer> first = cache.getAsync("a");
            loading.await();
            long begunAt = System.nanoTime();

            assertThat(cache.get("a")).isEqualTo(2);

            assertThat(Duration.ofNanos(System.nanoTime() - begunAt))
                    .isGreaterThanOrEqualTo(LEASE_TIME.multipliedBy(6));
            goOn.countDown();
            assertThat(first.get()).isEqualTo(1);
        }
    }
}
