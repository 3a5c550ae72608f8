package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobState.Order;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.internal.jobs.JobBook.OffsetOrder;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.SharedState.Place;
import dev.millpond.runtime.spi.StateNotChangedException;
import dev.millpond.runtime.spi.UnreadableStateException;
import dev.millpond.runtime.spi.Upkeep;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators ordered for jobs, as far as this node knows; thread-safe. */
final class JobOrders {

    private static final Logger log = LoggerFactory.getLogger(JobOrders.class);

    private final SharedState<JobBook> state;
    private volatile JobBook book = JobBook.EMPTY;
    private volatile boolean known;
    private volatile Runnable follower = () -> {};

    /**
     * Begins to follow orders.
     *
     * @param redis null if this process is the fleet
     */
    JobOrders(@Nullable RedisConnection redis, String namespace) {
        this.known = redis == null;
        this.state = redis == null ? SharedState.inProcess(new JobText(), this::follow) : shared(redis, namespace);
    }

    private SharedState<JobBook> shared(RedisConnection redis, String namespace) {
        String key = namespace + ":jobs";
        return SharedState.inRedis(
                redis.guard(),
                new Place(key, key, "jobs", null),
                new Upkeep("The jobs", "millpond-jobs-orders"),
                new JobText(),
                this::follow);
    }

    private void follow(JobBook before, JobBook now) {
        book = now;
        known = true;
        tell(before, now);
        follower.run();
    }

    private static void tell(JobBook before, JobBook now) {
        now.paused().forEach((job, order) -> {
            if (!before.paused().containsKey(job)) {
                log.info("Job '{}' was paused by '{}'.", job, order.by());
            }
        });
        before.paused().keySet().stream()
                .filter(job -> !now.paused().containsKey(job))
                .forEach(job -> log.info("Job '{}' was resumed.", job));
        before.offsets().keySet().stream()
                .filter(job -> !now.offsets().containsKey(job))
                .forEach(job -> log.info("The offset of job '{}' was reset.", job));
        now.offsets().forEach((job, set) -> {
            if (!set.equals(before.offsets().get(job))) {
                log.info(
                        "Job '{}' was given the offset of {} ms by '{}'.",
                        job,
                        set.millis(),
                        set.order().by());
            }
        });
    }

    /** Tells an action of all changes from now on. */
    void onChange(Runnable action) {
        follower = action;
    }

    JobBook book() {
        return book;
    }

    Optional<Order> paused(String job) {
        return Optional.ofNullable(book.paused().get(job));
    }

    Optional<Order> offsetSet(String job) {
        return Optional.ofNullable(book.offsets().get(job)).map(OffsetOrder::order);
    }

    /** Tells whether this node knows what was ordered; looks for it the first time. */
    boolean known() {
        if (!known) {
            look();
        }
        return known;
    }

    private void look() {
        try {
            state.change(now -> now);
            known = true;
        } catch (StateNotChangedException e) {
            known = e.getCause() instanceof UnreadableStateException; // then those in force stay
        }
    }

    /** Changes what is ordered. */
    void change(String job, UnaryOperator<JobBook> change) {
        try {
            state.change(change);
            known = true;
        } catch (StateNotChangedException e) {
            throw new JobException("Job '" + job + "': " + e.getMessage(), e);
        }
    }

    void close() {
        state.close();
    }
}
