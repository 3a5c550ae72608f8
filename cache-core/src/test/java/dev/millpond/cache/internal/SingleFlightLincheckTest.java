package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Shared reads of one row, in the interleavings that Lincheck explores: no caller gets a value that is older than the
 * last invalidation which was complete before its call. Public, with public parts, because Lincheck demands it.
 */
@Tag("one-jdk")
public class SingleFlightLincheckTest {

    private static final int THREADS = 3;
    private static final int SCENARIOS = 5;
    private static final int INTERLEAVINGS = 100;

    @Test
    void share_inAllInterleavings_isNeverOlderThanACompletedInvalidation() {
        explore(WithSingleFlight.class);
    }

    @Test
    void share_joiningWhateverIsUnderWay_isFoundOut() {
        assertThatThrownBy(() -> explore(WithAnyFlight.class)).isInstanceOf(LincheckAssertionError.class);
    }

    private static void explore(Class<?> operations) {
        new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(INTERLEAVINGS)
                .threads(THREADS)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .sequentialSpecification(Model.class)
                .check(operations);
    }

    /** What the operations answer: every read is fresh enough. */
    public static final class Model {

        /** Changes the row. */
        public void invalidateKey() {}

        /** Changes what the row is tagged with. */
        public void invalidateTag() {}

        /** Reads the row. */
        public boolean readIsFresh() {
            return true;
        }
    }

    /** A row, its invalidations, and reads that share. */
    public abstract static class Operations {

        private static final String IDENTITY = Names.entry(Fixtures.CACHE, "a");
        private static final String TAG = "t:x";

        final TagTable table = Fixtures.table(new FakeTicker());
        private final AtomicLong source = new AtomicLong();
        private final AtomicLong completed = new AtomicLong();

        abstract Answer<Long> share(Request<String> request, Function<Request<String>, Answer<Long>> read);

        /** Changes the row. */
        @Operation
        public void invalidateKey() {
            change(IDENTITY);
        }

        /** Changes what the row is tagged with. */
        @Operation
        public void invalidateTag() {
            change(TAG);
        }

        /** Reads the row. */
        @Operation
        public boolean readIsFresh() {
            long atLeast = completed.get();
            Answer<Long> answer = share(Fixtures.request("a", table.stamp()), request -> load());
            return Objects.requireNonNull(answer.entry().value()) >= atLeast;
        }

        private void change(String name) {
            long version = source.incrementAndGet();
            synchronized (table) {
                table.apply(table.applied() + 1, List.of(name));
            }
            completed.accumulateAndGet(version, Math::max);
        }

        private Answer<Long> load() {
            Stamp stamp = table.stamp();
            Entry<Long> entry = Fixtures.entry(source.get(), stamp, IDENTITY, TAG);
            return new Answer<>(entry, Source.LOADER, false, false);
        }
    }

    /** The class under test. */
    public static final class WithSingleFlight extends Operations {

        private final SingleFlight<String, Long> flights =
                new SingleFlight<>(Fixtures.CACHE, table, null, Duration.ofMinutes(1));

        @Override
        Answer<Long> share(Request<String> request, Function<Request<String>, Answer<Long>> read) {
            return flights.share(request, read::apply);
        }
    }

    /** A copy of it that asks nothing of a flight before it joins. */
    public static final class WithAnyFlight extends Operations {

        private final ConcurrentHashMap<String, CompletableFuture<Answer<Long>>> flights = new ConcurrentHashMap<>();

        @Override
        Answer<Long> share(Request<String> request, Function<Request<String>, Answer<Long>> read) {
            CompletableFuture<Answer<Long>> mine = new CompletableFuture<>();
            CompletableFuture<Answer<Long>> flight = flights.putIfAbsent(request.key(), mine);
            if (flight != null) {
                return flight.join();
            }
            Answer<Long> answer = read.apply(request);
            mine.complete(answer);
            flights.remove(request.key(), mine);
            return answer;
        }
    }
}
