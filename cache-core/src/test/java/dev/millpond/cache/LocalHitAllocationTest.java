package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hit in this process allocates nothing: an exact count, not a timing. */
class LocalHitAllocationTest {

    private static final int READS = 20_000;

    /** So many that of what is read as often a sample is counted. */
    private static final int WARM_UP = 300_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void get_localHit_allocatesNothing(int hotKeys) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (CacheRegistry registry = CacheRegistry.builder().build()) {
            LoadingCache<Integer, String> cache =
                    registry.newCache("cache", String.class).hotKeys(hotKeys).build((Integer key) -> "value");
            Integer key = 1_000;
            read(cache, key, WARM_UP);

            long before = threads.getCurrentThreadAllocatedBytes();
            read(cache, key, READS);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat((double) allocated / READS).isLessThan(1);
        }
    }

    private static void read(LoadingCache<Integer, String> cache, Integer key, int times) {
        for (int i = 0; i < times; i++) {
            cache.get(key);
        }
    }
}
