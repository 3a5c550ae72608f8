package dev.millpond.cache.internal;

import dev.millpond.cache.CacheLoadException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one read of many keys has found so far, and the flights that wait for it. Not thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class BulkAnswers<K, V> {

    private final CacheParts<K, V> parts;
    private final BiConsumer<K, RuntimeException> failed;
    private final Map<K, Answer<V>> answers = new HashMap<>();
    private final Map<K, Flight<V>> led = new HashMap<>();
    private final Set<K> failures = new HashSet<>();
    private final boolean asked;

    /**
     * Creates an empty set.
     *
     * @param failed is told of each key that failed; the read goes on without it, unless this throws
     * @param asked whether somebody has asked for the keys: if so, a failure is a miss and that of those who joined,
     *     else these read for themselves
     */
    BulkAnswers(CacheParts<K, V> parts, BiConsumer<K, RuntimeException> failed, boolean asked) {
        this.asked = asked;
        this.parts = parts;
        this.failed = failed;
    }

    /** Becomes the one caller of this process that reads a key, if nobody else is. */
    boolean lead(Request<K> request) {
        return led(request, parts.flights().tryLead(request));
    }

    /** Does the same for a load of what may still be fresh. */
    boolean leadAhead(Request<K> request) {
        return led(request, parts.flights().tryLeadAhead(request));
    }

    private boolean led(Request<K> request, @Nullable Flight<V> flight) {
        if (flight == null) {
            return false;
        }
        led.put(request.key(), flight);
        return true;
    }

    /** Takes what this process has, and returns what it has not. */
    List<Request<K>> missingHere(Set<K> keys) {
        List<Request<K>> missing = new ArrayList<>();
        for (K key : keys) {
            try {
                lookUpHere(key, missing);
            } catch (RuntimeException e) { // of a key format too, which is the application's
                fail(key, e);
            }
        }
        return missing;
    }

    private void lookUpHere(K key, List<Request<K>> missing) {
        Answer<V> hit = parts.local().lookup(key);
        if (hit != null) {
            answers.put(key, hit);
        } else {
            missing.add(parts.requestFor(key));
        }
    }

    void land(Request<K> request, Answer<V> answer) {
        answers.put(request.key(), answer);
        endFlight(request, flight -> parts.flights().land(request.key(), flight, answer));
    }

    /** Lands what many look-ups have found, where it will do. */
    void landAll(List<Request<K>> requests, List<Found<V>> found, Predicate<Found<V>> willDo, KeyRead<K, V> beyond) {
        for (int i = 0; i < requests.size(); i++) {
            if (willDo.test(found.get(i))) {
                land(requests.get(i), beyond.answer(requests.get(i), found.get(i)));
            }
        }
    }

    /** Lands what answers in place of loads that have failed together, or fails them together. */
    void landOrFailAll(List<Request<K>> requests, IntFunction<Answer<V>> read) {
        Map<Request<K>, RuntimeException> failing = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            try {
                land(requests.get(i), read.apply(i));
            } catch (CacheLoadException | IllegalStateException e) {
                failing.put(requests.get(i), e);
            }
        }
        failing.forEach(this::failFlight); // of all, before the first fails the read
        failing.forEach(this::fail);
    }

    void landOrFail(Request<K> request, Supplier<Answer<V>> read) {
        try {
            land(request, read.get());
        } catch (CacheLoadException | IllegalStateException e) {
            fail(request, e);
        }
    }

    /** Lands what answers in place of a load that was not tried; else those who joined it try for themselves. */
    void landOrLeave(Request<K> request, Supplier<Answer<V>> read) {
        try {
            land(request, read.get());
        } catch (CacheLoadException | IllegalStateException e) {
            abandon(request);
            fail(request, e);
        }
    }

    /** Fails one key, and the whole read unless it goes on without that. */
    void fail(Request<K> request, RuntimeException failure) {
        failFlight(request, failure);
        fail(request.key(), failure);
        if (asked) {
            parts.missed(request);
        }
    }

    private void failFlight(Request<K> request, RuntimeException failure) {
        if (asked) {
            endFlight(request, flight -> parts.flights().fail(request.key(), flight, failure));
        } else {
            abandon(request);
        }
    }

    /** Does the same with a key that nobody waits for. */
    void fail(K key, RuntimeException failure) {
        failed.accept(key, failure);
        failures.add(key);
    }

    /** Leaves keys that somebody else is loading to those who have joined, unless they are read here later. */
    void leave(List<Request<K>> elsewhere) {
        if (!asked) {
            elsewhere.forEach(this::abandon);
        }
    }

    private void abandon(Request<K> request) {
        endFlight(request, flight -> parts.flights().abandon(request.key(), flight));
    }

    private void endFlight(Request<K> request, Consumer<Flight<V>> end) {
        Flight<V> flight = led.remove(request.key());
        if (flight != null) {
            end.accept(flight);
        }
    }

    /** Fails the whole read if a step of it does. */
    void orFail(List<Request<K>> missing, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) { // also a checked one that nobody declares: others wait
            failAll(missing);
            throw e;
        }
    }

    /** Whose load has not failed itself reads for himself. */
    private void failAll(List<Request<K>> missing) {
        missing.forEach(this::abandon);
        if (asked) {
            missing.forEach(this::recordUnlessAnswered);
        }
    }

    /** A loader that takes something else in place of what it cannot read depends on what that will be. */
    private void recordUnlessAnswered(Request<K> request) {
        if (!answers.containsKey(request.key())) {
            LoadScope.record(List.of(request.ownNames()));
        }
    }

    boolean hasFailed(K key) {
        return failures.contains(key);
    }

    /** Tells whether a key has failed or has its answer. */
    boolean isSettled(K key) {
        return hasFailed(key) || answers.containsKey(key);
    }

    Collection<Answer<V>> all() {
        return answers.values();
    }

    /**
     * Returns the answers for those keys that have not failed, in their order, and counts them as read.
     *
     * @param rest reads a key for which there is none yet; null if that fails, or is not to be
     */
    Map<K, Answer<V>> counted(Set<K> keys, Function<K, @Nullable Answer<V>> rest) {
        Map<K, Answer<V>> counted = new LinkedHashMap<>();
        forEachCounted(keys, rest, counted::put);
        return counted;
    }

    /** Passes each of these answers on, in the same order, instead of returning them. */
    void forEachCounted(Set<K> keys, Function<K, @Nullable Answer<V>> rest, BiConsumer<K, Answer<V>> each) {
        for (K key : keys) {
            Answer<V> answer = hasFailed(key) ? null : counted(key, rest);
            if (answer != null) {
                each.accept(key, answer);
            }
        }
    }

    private @Nullable Answer<V> counted(K key, Function<K, @Nullable Answer<V>> rest) {
        Answer<V> answer = answers.get(key);
        return answer != null ? parts.answered(key, answer) : rest.apply(key);
    }
}
