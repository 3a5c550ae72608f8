package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Order;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What operators ordered for the jobs of a fleet; immutable.
 *
 * @param version grows with each change; 0 if nothing was changed
 * @param paused who paused jobs, by their names
 * @param offsets the offsets that jobs were given, by their names
 * @param unknown lines of a later version of this library, which must not get lost
 */
record JobBook(long version, Map<String, Order> paused, Map<String, OffsetOrder> offsets, List<String> unknown) {

    static final JobBook EMPTY = new JobBook(0, Map.of(), Map.of(), List.of());

    /** Orders for jobs that are gone stay until somebody takes them back, and each node reads all of them. */
    static final int MOST_ORDERS = 1_000;

    /** An offset that somebody ordered. */
    record OffsetOrder(long millis, Order order) {}

    JobBook {
        paused = Map.copyOf(paused);
        offsets = Map.copyOf(offsets);
        unknown = List.copyOf(unknown);
    }

    /** Returns this with a job that is paused; the same if it is. */
    JobBook pause(String job, Order order) {
        if (paused.containsKey(job)) {
            return this;
        }
        Map<String, Order> changed = new HashMap<>(paused);
        changed.put(job, order);
        return new JobBook(next(order.at()), changed, offsets, unknown).checked(job);
    }

    /** Returns this with a job that is not paused; the same if it is not. */
    JobBook resume(String job, Instant now) {
        Map<String, Order> changed = new HashMap<>(paused);
        return changed.remove(job) == null ? this : new JobBook(next(now), changed, offsets, unknown);
    }

    /** Returns this with an offset of a job. */
    JobBook offset(String job, OffsetOrder order) {
        Map<String, OffsetOrder> changed = new HashMap<>(offsets);
        changed.put(job, order);
        return new JobBook(next(order.order().at()), paused, changed, unknown).checked(job);
    }

    /** Returns this without an offset of a job; the same if it has none. */
    JobBook resetOffset(String job, Instant now) {
        Map<String, OffsetOrder> changed = new HashMap<>(offsets);
        return changed.remove(job) == null ? this : new JobBook(next(now), paused, changed, unknown);
    }

    private JobBook checked(String job) {
        if (paused.size() + offsets.size() > MOST_ORDERS) {
            throw new IllegalArgumentException("Job '" + job + "' was not changed: " + MOST_ORDERS
                    + " orders are in force already, which is the most. Resume jobs or reset their offsets.");
        }
        return this;
    }

    private long next(Instant now) {
        return Math.max(version + 1, now.toEpochMilli());
    }
}
