package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.JobState.Order;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.internal.jobs.JobBook.OffsetOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks what is asked for, and hands it to the job, to what is ordered, or to the schedules. */
final class LiveJobs implements Jobs {

    private enum Life {
        NEW,
        STARTED,
        CLOSED
    }

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_AWAIT = Duration.ofNanos(Long.MAX_VALUE);
    private static final Logger log = LoggerFactory.getLogger(LiveJobs.class);

    private final JobsNode node;
    private final Planner planner;
    private final JobOrders orders;
    private final Map<String, ManagedJob> jobs;
    private final Ticks ticks;
    private volatile Life life = Life.NEW;

    /**
     * Creates jobs that are not started.
     *
     * @param jobs by their names, in the order in which they run at the start
     */
    LiveJobs(JobsNode node, Planner planner, JobOrders orders, Map<String, ManagedJob> jobs) {
        this.node = node;
        this.planner = planner;
        this.orders = orders;
        this.jobs = jobs;
        this.ticks = new Ticks(node.clock(), node.timer(), due -> job(due.job()).due(due));
    }

    @Override
    public synchronized void start() {
        if (life == Life.CLOSED) {
            throw new JobException("The jobs were not started: they are closed. Build new ones.", null);
        }
        if (life == Life.NEW) {
            life = Life.STARTED;
            try {
                jobs.values().forEach(ManagedJob::startFirst);
            } finally {
                orders.onChange(this::reschedule);
                reschedule();
            }
            StartBar.begin(
                    "jobs",
                    jobs.values().stream().filter(job -> job.job().isAtStart()).toList());
            warnOfCollisions();
        }
    }

    private void warnOfCollisions() {
        Collisions found =
                planner.collisions(orders.book(), node.clock().instant().toEpochMilli());
        if (!found.pairs().isEmpty()) {
            log.warn(
                    "Jobs start together at times: {}. Give them other offsets or cron expressions, or let them be"
                            + " placed.",
                    found);
        }
    }

    private synchronized void reschedule() {
        if (life == Life.STARTED) {
            Map<String, Schedule> schedules = new TreeMap<>();
            jobs.keySet().forEach(name -> schedules.put(name, planner.schedule(name, orders.book())));
            ticks.follow(schedules);
        }
    }

    @Override
    public List<JobState> states() {
        return jobs.keySet().stream().sorted().map(this::state).toList();
    }

    @Override
    public JobState state(String name) {
        ManagedJob job = job(name);
        long next = ticks.next(name);
        return job.state(
                next == Schedule.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next)),
                planner.offset(name, orders.book()));
    }

    private ManagedJob job(String name) {
        ManagedJob job = jobs.get(name);
        if (job == null) {
            throw new IllegalArgumentException("There is no job '" + name + "'. Use one of "
                    + jobs.keySet().stream().sorted().toList() + ".");
        }
        return job;
    }

    @Override
    public void runNow(String name, String by) {
        ManagedJob job = job(name);
        Order order = order(by);
        if (life != Life.STARTED) {
            throw new JobException(
                    "Job '" + name + "' was not started: the jobs are "
                            + (life == Life.NEW ? "not started. Start them first." : "closed."),
                    null);
        }
        Schedule schedule = planner.schedule(name, orders.book());
        long next = schedule.next(node.clock().instant().toEpochMilli());
        job.runNow(next == Schedule.NEVER ? Schedule.NEVER : schedule.gapAfter(next));
        log.info("Job '{}' was started by '{}'.", name, order.by());
    }

    @Override
    public void cancel(String name, String by) {
        ManagedJob job = job(name);
        Order order = order(by);
        if (job.cancel(order.by())) {
            log.info("Job '{}' was cancelled by '{}'.", name, order.by());
        }
    }

    @Override
    public void pause(String name, String by) {
        ManagedJob unused = job(name);
        Order order = order(by);
        orders.change(name, book -> book.pause(name, order));
    }

    @Override
    public void resume(String name, String by) {
        ManagedJob unused = job(name);
        Order order = order(by);
        orders.change(name, book -> book.resume(name, order.at()));
        log.info("'{}' resumed job '{}'.", order.by(), name);
    }

    @Override
    public void offset(String name, Duration offset, String by) {
        Duration period = job(name)
                .job()
                .period()
                .orElseThrow(() -> new IllegalArgumentException("Job '" + name
                        + "' cannot have an offset: it has no period. Change its cron expression, or give it a"
                        + " period."));
        OffsetOrder order =
                new OffsetOrder(JobChecks.offset(name, offset, period).toMillis(), order(by));
        orders.change(name, book -> book.offset(name, order));
        warnOfCollisions();
    }

    @Override
    public void resetOffset(String name, String by) {
        ManagedJob unused = job(name);
        Order order = order(by);
        orders.change(name, book -> book.resetOffset(name, order.at()));
        log.info("'{}' reset the offset of job '{}'.", order.by(), name);
    }

    private Order order(String by) {
        return new Order(by, node.clock().instant().truncatedTo(ChronoUnit.MILLIS));
    }

    @Override
    public boolean awaitFirstRuns(Collection<String> names, Duration limit) {
        CompletableFuture<?>[] firstRuns =
                names.stream().map(name -> job(name).firstRun()).toArray(CompletableFuture[]::new);
        if (limit.isNegative() || limit.isZero()) {
            return Stream.of(firstRuns).allMatch(CompletableFuture::isDone);
        }
        try {
            Duration most = limit.compareTo(LONGEST_AWAIT) > 0 ? LONGEST_AWAIT : limit;
            CompletableFuture.allOf(firstRuns).get(most.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (life == Life.CLOSED) {
                return;
            }
            life = Life.CLOSED;
        }
        ticks.close();
        jobs.values().forEach(ManagedJob::close);
        node.workers().close(CLOSE_LIMIT);
        jobs.values().forEach(job -> job.firstRun().complete(null));
        node.timer().close();
        orders.close();
    }
}
