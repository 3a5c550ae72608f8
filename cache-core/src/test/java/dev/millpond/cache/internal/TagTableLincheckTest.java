package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.testkit.FakeTicker;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A held value that is judged by the table, in the interleavings that Lincheck explores: it is never used if it is
 * older than the last invalidation which was complete before. Public, with public parts, because Lincheck demands it.
 */
@Tag("one-jdk")
public class TagTableLincheckTest {

    private static final int THREADS = 3;
    private static final int SCENARIOS = 5;
    private static final int INTERLEAVINGS = 200;

    @Test
    void valid_inAllInterleavings_isNeverTrueAfterACompletedInvalidation() {
        explore(WithTagTable.class);
    }

    @Test
    void valid_numberWrittenBeforeItsNames_isFoundOut() {
        assertThatThrownBy(() -> explore(WithNumberFirst.class)).isInstanceOf(LincheckAssertionError.class);
    }

    private static void explore(Class<?> operations) {
        new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(INTERLEAVINGS)
                .threads(THREADS)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .minimizeFailedScenario(false)
                .sequentialSpecification(Model.class)
                .check(operations);
    }

    /** What the operations answer: every read is fresh enough. */
    public static final class Model {

        /** Changes what is held. */
        public void invalidate() {}

        /** Changes something else. */
        public void invalidateOther() {}

        /** Makes the table forget all. */
        public void reset() {}

        /** Reads what is held, or anew. */
        public boolean readIsFresh() {
            return true;
        }
    }

    /**
     * One slot of a first level.
     *
     * @param <H> what it holds
     */
    public abstract static class Operations<H> {

        static final String NAME = "t:x";

        private final AtomicLong source = new AtomicLong();
        private final AtomicLong completed = new AtomicLong();
        private volatile @Nullable H slot;

        /** Marks what is loaded, loads it, and returns both. */
        abstract H load(LongSupplier loader);

        abstract boolean valid(H held);

        abstract long valueOf(H held);

        abstract void apply(String name);

        abstract void startOver();

        /** Changes what is held. */
        @Operation
        public void invalidate() {
            long version = source.incrementAndGet();
            apply(NAME);
            completed.accumulateAndGet(version, Math::max);
        }

        /** Changes something else, which makes a small table forget. */
        @Operation
        public void invalidateOther() {
            apply("t:y");
        }

        /** Makes the table forget all. */
        @Operation
        public void reset() {
            startOver();
        }

        /** Reads what is held, or anew. */
        @Operation
        public boolean readIsFresh() {
            long atLeast = completed.get();
            H held = slot;
            if (held == null || !valid(held)) {
                held = load(source::get);
                slot = held;
            }
            return valueOf(held) >= atLeast;
        }
    }

    /** The class under test, so small that it forgets at each second name. */
    public static final class WithTagTable extends Operations<Entry<Long>> {

        private final TagTable table = new TagTable(new FakeTicker(), Fixtures.BOUND, 1);

        @Override
        Entry<Long> load(LongSupplier loader) {
            Stamp stamp = table.stamp();
            return Fixtures.entry(loader.getAsLong(), stamp, NAME);
        }

        @Override
        boolean valid(Entry<Long> held) {
            return table.valid(held);
        }

        @Override
        long valueOf(Entry<Long> held) {
            return Objects.requireNonNull(held.value());
        }

        @Override
        void apply(String name) {
            synchronized (table) {
                table.apply(table.applied() + 1, List.of(name));
            }
        }

        @Override
        void startOver() {
            table.reset("e", 0);
        }
    }

    /** A copy of its rule that writes the number before the names. */
    public static final class WithNumberFirst extends Operations<WithNumberFirst.Held> {

        private final ConcurrentHashMap<String, Long> lastInvalidations = new ConcurrentHashMap<>();
        private volatile long applied;

        @Override
        Held load(LongSupplier loader) {
            long stamp = applied;
            return new Held(loader.getAsLong(), stamp);
        }

        @Override
        boolean valid(Held held) {
            long now = applied;
            if (held.checkedUpTo < now && lastInvalidations.getOrDefault(NAME, 0L) > held.stamp) {
                return false;
            }
            held.checkedUpTo = now;
            return true;
        }

        @Override
        long valueOf(Held held) {
            return held.value;
        }

        @Override
        synchronized void apply(String name) {
            long next = applied + 1;
            applied = next;
            lastInvalidations.put(name, next);
        }

        @Override
        void startOver() {
            // This copy never forgets.
        }

        static final class Held {

            private final long value;
            private final long stamp;
            private volatile long checkedUpTo;

            private Held(long value, long stamp) {
                this.value = value;
                this.stamp = stamp;
                this.checkedUpTo = stamp;
            }
        }
    }
}
