package dev.millpond.cache.internal;

import static dev.millpond.cache.internal.Fixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One writer changes a source and invalidates; readers load into shared slots and read from them, as a first level
 * does. An oracle knows which version of each name an observed invalidation has made the least that may be answered.
 */
class TagTableConcurrencyTest {

    private static final int NAMES = 32;
    private static final int INVALIDATIONS = 100_000;
    private static final int READERS = 4;

    private final AtomicLongArray source = new AtomicLongArray(NAMES);
    private final AtomicLongArray invalidated = new AtomicLongArray(NAMES);
    private final AtomicReferenceArray<Entry<Long>> slots = new AtomicReferenceArray<>(NAMES);
    private final ExecutorService executor = Executors.newFixedThreadPool(READERS + 1);
    private volatile boolean done;

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    /** A table of 8 names forgets at almost every step, one of 20 now and then, the large one never. */
    @ParameterizedTest
    @ValueSource(ints = {8, 20, 1_000})
    void valid_whileAnotherThreadApplies_neverMissesAnObservedInvalidation(int maximumNames) throws Exception {
        TagTable table = new TagTable(new FakeTicker(), Duration.ofSeconds(2), maximumNames);
        table.reset("e1", 0);
        List<Future<long[]>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Random random = new Random(i);
            readers.add(executor.submit(() -> read(table, random)));
        }

        executor.submit(() -> write(table, new Random(99))).get();
        done = true;

        for (Future<long[]> reader : readers) {
            long[] hitsAndViolations = reader.get();
            assertThat(hitsAndViolations[0]).describedAs("hits").isPositive();
            assertThat(hitsAndViolations[1]).describedAs("stale hits").isZero();
        }
    }

    private void write(TagTable table, Random random) {
        for (int i = 0; i < INVALIDATIONS; i++) {
            int name = random.nextInt(NAMES);
            long version = source.incrementAndGet(name);
            if (random.nextInt(1_000) == 0) {
                table.distrust();
            }
            if (random.nextInt(1_000) == 0) {
                table.reset("e" + i, table.applied());
            }
            table.apply(table.applied() + 1, List.of("t:" + name));
            invalidated.set(name, version);
        }
    }

    private long[] read(TagTable table, Random random) {
        long hits = 0;
        long violations = 0;
        while (!done) {
            int name = random.nextInt(NAMES);
            long atLeast = invalidated.get(name);
            Entry<Long> held = slots.get(name);
            if (held != null && table.valid(held)) {
                hits++;
                violations += Objects.requireNonNull(held.value()) < atLeast ? 1 : 0;
            } else {
                Stamp stamp = table.stamp();
                slots.set(name, entry(source.get(name), stamp, "t:" + name));
            }
        }
        return new long[] {hits, violations};
    }
}
