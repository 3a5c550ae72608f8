package dev.millpond.cache.internal;

import dev.millpond.cache.spi.InvalidationLog.Check;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller of this process read a key beyond the first level, and shares what it finds with the others.
 *
 * <p>A flight that began before an invalidation must not answer a caller that came after it. What is known at once is
 * checked on joining: a flight whose own key was invalidated is replaced. What shows only in the result, its tags and
 * dependencies, is checked on landing: a result that is no longer valid is not accepted from a flight that began
 * earlier than the caller. In a strict cache that is judged by what the log says after the caller came. A failure is
 * shared like a result.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class SingleFlight<K, V> {

    private final ConcurrentMap<K, Flight<V>> flights = new ConcurrentHashMap<>();
    private final TagTable table;
    private final @Nullable Supplier<Check> checks;
    private final Duration patience;

    /**
     * Creates an empty set of flights.
     *
     * @param checks begins what another caller's result has to pass, or null if what is known here will do
     * @param patience how long a caller waits for another's flight before it goes on its own
     */
    SingleFlight(TagTable table, @Nullable Supplier<Check> checks, Duration patience) {
        this.table = table;
        this.checks = checks;
        this.patience = patience;
    }

    /**
     * Returns what the read finds, or what another caller's read of the same key finds.
     *
     * @param meanwhile answers while another caller reads, or gives null if this caller has to wait
     */
    Answer<V> share(
            Request<K> request,
            Function<Request<K>, Answer<V>> read,
            Supplier<? extends @Nullable Answer<V>> meanwhile) {
        long arrivedAt = table.now();
        Request<K> attempt = request;
        while (true) {
            Flight<V> mine = takeOff(attempt);
            Flight<V> flight = join(attempt, mine);
            if (flight == mine) {
                return lead(attempt, mine, read);
            }
            // After the look at the flight: a poll may have brought this node up to date since the caller came.
            Stamp joinedAt = table.stamp();
            Answer<V> atOnce = meanwhile.get();
            if (atOnce != null) {
                return atOnce;
            }
            Answer<V> answer = flight.await(patience);
            if (answer != null && (flight.begunAt - arrivedAt > 0 || acceptable(answer, flight, joinedAt))) {
                return answer.asJoined();
            }
            flights.remove(request.key(), flight);
            attempt = attempt.at(table.stamp());
        }
    }

    /** Takes off for a key unless somebody else is under way; the caller must {@link Flight#land land} or fail it. */
    @Nullable
    Flight<V> tryLead(Request<K> request) {
        Flight<V> mine = takeOff(request);
        return join(request, mine) == mine ? mine : null;
    }

    void land(K key, Flight<V> flight, Answer<V> answer) {
        flight.land(answer);
        flights.remove(key, flight);
    }

    void fail(K key, Flight<V> flight, Throwable failure) {
        flight.fail(failure);
        flights.remove(key, flight);
    }

    private Flight<V> takeOff(Request<K> request) {
        return new Flight<>(request.stamp(), table.now(), table.informedAt());
    }

    private Flight<V> join(Request<K> request, Flight<V> mine) {
        return flights.compute(
                request.key(), (key, current) -> current == null || outdated(current, request) ? mine : current);
    }

    private boolean outdated(Flight<V> flight, Request<K> request) {
        return !table.informedWithinBound(flight.informedAt) || table.changedSince(flight.stamp, request.ownNames());
    }

    private boolean acceptable(Answer<V> answer, Flight<V> flight, Stamp joinedAt) {
        return checks == null
                ? flight.stamp.coversAllOf(joinedAt) || table.valid(answer.entry())
                : checks.get().passed() && table.valid(answer.entry());
    }

    private Answer<V> lead(Request<K> attempt, Flight<V> mine, Function<Request<K>, Answer<V>> read) {
        try {
            Answer<V> answer = read.apply(attempt);
            land(attempt.key(), mine, answer);
            return answer;
        } catch (RuntimeException | Error e) {
            fail(attempt.key(), mine, e);
            throw e;
        }
    }

    /** One read under way. */
    static final class Flight<V> {

        private final Stamp stamp;
        private final long begunAt;
        private final long informedAt;
        private final CompletableFuture<Answer<V>> result = new CompletableFuture<>();

        private Flight(Stamp stamp, long begunAt, long informedAt) {
            this.stamp = stamp;
            this.begunAt = begunAt;
            this.informedAt = informedAt;
        }

        private void land(Answer<V> answer) {
            result.complete(answer);
        }

        private void fail(Throwable failure) {
            result.completeExceptionally(failure);
        }

        /** Returns the result, or null if the caller's patience ended first or the leader was interrupted. */
        private @Nullable Answer<V> await(Duration patience) {
            try {
                return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return null;
            } catch (InterruptedException e) {
                throw Failures.interrupted(e);
            } catch (ExecutionException e) {
                if (Failures.isInterruption(e.getCause())) {
                    return null;
                }
                throw Failures.unchecked(e);
            }
        }
    }
}
