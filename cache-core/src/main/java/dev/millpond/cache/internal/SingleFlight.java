package dev.millpond.cache.internal;

import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.spi.InvalidationLog.Check;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
    private final WaitForGraph waits = WaitForGraph.OF_PROCESS;
    private final String cache;
    private final TagTable table;
    private final @Nullable Supplier<Check> checks;
    private final Duration patience;

    /**
     * Creates an empty set of flights.
     *
     * @param cache the name of the cache
     * @param checks begins what another caller's result has to pass, or null if what is known here will do
     * @param patience how long a caller waits for another's flight before it goes on its own
     */
    SingleFlight(String cache, TagTable table, @Nullable Supplier<Check> checks, Duration patience) {
        this.cache = cache;
        this.table = table;
        this.checks = checks;
        this.patience = patience;
    }

    /**
     * Returns what the read finds, or what another caller's read of the same key finds.
     *
     * @throws IllegalStateException if the calling thread is inside a load which the other caller's load waits for
     */
    Answer<V> share(Request<K> request, Read<K, V> read) {
        long arrivedAt = table.now();
        Request<K> attempt = request;
        Flight<V> mine = takeOff(attempt, arrivedAt, false);
        while (true) {
            Flight<V> flight = join(attempt, mine);
            Answer<V> answer = flight == mine ? lead(attempt, mine, read) : follow(attempt, flight, arrivedAt, read);
            if (answer != null) {
                return answer;
            }
            flights.remove(request.key(), flight);
            attempt = attempt.at(table.stamp());
            mine = takeOff(attempt, table.now(), false);
        }
    }

    /** Returns what another caller's flight brings, or null if that is nothing for this caller. */
    private @Nullable Answer<V> follow(Request<K> attempt, Flight<V> flight, long arrivedAt, Read<K, V> read) {
        // After the look at the flight: a poll may have brought this node up to date since the caller came.
        Stamp joinedAt = table.stamp();
        Answer<V> atOnce = read.meanwhile(attempt, flight);
        if (atOnce != null) {
            return atOnce;
        }
        return switch (waits.enter(flight)) {
            case WAIT -> accepted(await(flight), flight, arrivedAt, joinedAt);
            case KNOT -> read.beside(attempt);
            case CIRCLE -> throw Failures.inACircle(cache);
        };
    }

    private @Nullable Answer<V> await(Flight<V> flight) {
        try {
            Answer<V> first = flight.awaitFirst(patience);
            return isTooOld(first) ? flight.awaitResult(patience) : first;
        } finally {
            waits.leave();
        }
    }

    /** What the leader took meanwhile may have been there for long. */
    private boolean isTooOld(@Nullable Answer<V> answer) {
        return answer != null
                && answer.source() == Source.STALE
                && !answer.entry().lifetime().usable(table.now());
    }

    /** Takes off for a key unless somebody else is under way; the caller must {@link Flight#land land} or fail it. */
    @Nullable
    Flight<V> tryLead(Request<K> request) {
        return tryLead(request, takeOff(request, table.now(), false));
    }

    /** Does the same for a load of what may still be fresh. */
    @Nullable
    Flight<V> tryLeadAhead(Request<K> request) {
        return tryLead(request, takeOff(request, table.now(), true));
    }

    private @Nullable Flight<V> tryLead(Request<K> request, Flight<V> mine) {
        return join(request, mine) == mine ? mine : null;
    }

    void land(K key, Flight<V> flight, Answer<V> answer) {
        flight.land(answer);
        flights.remove(key, flight);
    }

    /** Whoever has seen the failure and comes again does not join the same flight. */
    void fail(K key, Flight<V> flight, Throwable failure) {
        flights.remove(key, flight);
        flight.fail(failure);
    }

    /** Tells whether somebody is loading a key that may still be fresh. */
    boolean isLedAhead(Request<K> request) {
        Flight<V> flight = flights.get(request.key());
        return flight != null && flight.ahead;
    }

    /** Ends a flight without a result: those who wait for it read the key themselves. */
    void abandon(K key, Flight<V> flight) {
        fail(key, flight, Failures.leftToOthers());
    }

    /** Returns another set of flights under the same rules. */
    SingleFlight<K, V> another() {
        return new SingleFlight<>(cache, table, checks, patience);
    }

    private Flight<V> takeOff(Request<K> request, long now, boolean ahead) {
        return new Flight<>(table, request, now, table.informedAt(now), ahead);
    }

    private Flight<V> join(Request<K> request, Flight<V> mine) {
        Flight<V> current = flights.putIfAbsent(request.key(), mine); // nearly always absent, which costs less to find
        return current == null ? mine : joinUnlessOutdated(request, mine);
    }

    private Flight<V> joinUnlessOutdated(Request<K> request, Flight<V> mine) {
        return flights.compute(
                request.key(), (key, current) -> current == null || outdated(current, request) ? mine : current);
    }

    private boolean outdated(Flight<V> flight, Request<K> request) {
        return !table.informedWithinBound(flight.informedAt) || table.changedSince(flight.stamp, request.ownNames());
    }

    private @Nullable Answer<V> accepted(@Nullable Answer<V> answer, Flight<V> flight, long arrivedAt, Stamp joinedAt) {
        if (answer == null) {
            return null;
        }
        boolean begunLater = flight.begunAt - arrivedAt > 0;
        return begunLater || acceptable(answer, flight, joinedAt) ? answer.asJoined() : null;
    }

    private boolean acceptable(Answer<V> answer, Flight<V> flight, Stamp joinedAt) {
        return checks == null
                ? flight.stamp.coversAllOf(joinedAt) || table.valid(answer.entry())
                : checks.get().passed() && table.valid(answer.entry());
    }

    private Answer<V> lead(Request<K> attempt, Flight<V> mine, Read<K, V> read) {
        try {
            Answer<V> answer = read.now(attempt, mine);
            if (!mine.isHandedOver()) {
                land(attempt.key(), mine, answer);
            }
            return answer;
        } catch (Throwable e) { // also a checked one that nobody declares: others wait
            if (!mine.isHandedOver()) {
                fail(attempt.key(), mine, e);
            }
            throw e;
        }
    }

    /** Lands a flight that was handed over to the calling thread with what that finds. */
    void takeOver(K key, Flight<V> flight, Supplier<Answer<V>> read) {
        flight.takeOver();
        try {
            land(key, flight, read.get());
        } catch (Throwable e) { // also a checked one that nobody declares: others wait
            fail(key, flight, e);
        }
    }

    /**
     * Leaves it to another thread, which begins after this, to {@linkplain #takeOver land} a flight, for whose
     * {@linkplain Flight#result result} the caller then waits.
     */
    void handOver(Flight<V> flight) {
        flight.handOver();
        var unused = waits.enter(flight); // no circle: nobody can wait for what has not begun
    }

    /** Ends the wait for a flight that was handed over. */
    void leave() {
        waits.leave();
    }

    /**
     * The ways in which one caller may come to an answer.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    @FunctionalInterface
    interface Read<K, V> {

        /** Reads as the one caller, while others wait. */
        Answer<V> now(Request<K> attempt);

        /** Does the same, and may {@linkplain Flight#handOver hand the flight over}, for another thread to land it. */
        default Answer<V> now(Request<K> attempt, Flight<V> flight) {
            return now(attempt);
        }

        /** Reads while another caller does, which waits for this one: it must not wait for what that one holds. */
        default Answer<V> beside(Request<K> attempt) {
            return now(attempt);
        }

        /** Answers while another caller reads, or gives null if this caller has to wait. */
        default @Nullable Answer<V> meanwhile(Request<K> attempt, Flight<V> flight) {
            return null;
        }
    }
}
