package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a hit in Redis allocates beside its command and its codec, which allocate nothing here: a count, no timing. */
class RemoteHitAllocationTest {

    private static final int READS = 5_000;
    private static final int WARM_UP = 50_000;
    private static final long MOST_BYTES = 2_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void get_hitWithoutTags_allocatesLittle() {
        FakeTicker time = new FakeTicker();
        SameBytes store = new SameBytes(new InMemoryCacheStore(time));
        try (CacheRegistry registry = AssembledRegistry.of(time, store, new InMemoryInvalidationLog(time).node())) {
            LoadingCache<String, Integer> cache = registry.newCache("cache", Integer.class)
                    .localMaximumSize(0)
                    .build((String key) -> 1);
            cache.get("key");
            store.keepAnswering("test:cache:key");
            read(cache, WARM_UP);

            long before = threads.getCurrentThreadAllocatedBytes();
            read(cache, READS);
            long allocated = (threads.getCurrentThreadAllocatedBytes() - before) / READS;

            assertThat(cache.stats().remoteHits()).isEqualTo(WARM_UP + READS);
            assertThat(allocated).isBetween(1L, MOST_BYTES);
        }
    }

    private static void read(LoadingCache<String, Integer> cache, int times) {
        for (int i = 0; i < times; i++) {
            cache.get("key");
        }
    }

    /** Answers with the same bytes without a look. */
    private static final class SameBytes extends ForwardingStore {

        private byte @Nullable [] bytes;

        private SameBytes(InMemoryCacheStore store) {
            super(store);
        }

        private void keepAnswering(String key) {
            bytes = super.get(key);
        }

        @Override
        public byte @Nullable [] get(String key) {
            return bytes == null ? super.get(key) : bytes;
        }
    }
}
