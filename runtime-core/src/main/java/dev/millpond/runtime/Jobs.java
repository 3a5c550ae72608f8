package dev.millpond.runtime;

import dev.millpond.runtime.internal.jobs.JobsBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/**
 * Runs jobs at the start, by schedules, and on request.
 *
 * <p>With Redis, one node of the fleet runs a job each time it is due: the nodes ask Redis with one call each, and one
 * of them gets a lease, which it renews while the job runs. If it dies or stands still, another node runs the job
 * within one period, or half a second if that is more. A job that is still running when it is due again is not started
 * a second time. If Redis is away when a job that needs a lease is due, it is asked again each second for half of the
 * time to when the job is due next, but at most for a minute; then the job is not started for that time. Without Redis
 * this process is the fleet.
 *
 * <p>Jobs with equal periods are spread evenly over them, and others are placed between, so that as few as possible
 * start together; the same jobs have the same offsets on all nodes and after every restart. What starts together all
 * the same is logged at the start, by name.
 *
 * <p>Thread-safe; make one per application. Close it before the switches and the Redis connection, which it leaves
 * open.
 */
public interface Jobs extends AutoCloseable {

    /** Starts the jobs of an application; the builder is not thread-safe. */
    static Builder builder() {
        return new JobsBuilder();
    }

    /**
     * Lets jobs that run at the start begin, and schedules count; starting again does nothing.
     *
     * <p>Never waits for Redis or for a job. Of each run that takes long, a line is logged every five seconds; a bar
     * shows those at the start if the output is a terminal.
     *
     * @throws JobException if the jobs are closed
     */
    void start();

    /** Returns how all jobs are on this node, by name; does not ask Redis. */
    List<JobState> states();

    /**
     * Returns how a job is on this node; does not ask Redis.
     *
     * @throws IllegalArgumentException if there is no job of this name
     */
    JobState state(String name);

    /**
     * Lets a job run on this node, in the background, also while it is paused.
     *
     * <p>Waits for Redis unless the job runs on every node, so it must not be called on a thread of the Redis client.
     *
     * @param by who asks for it, for those who look later; 1 to 200 characters
     * @throws JobException if it is running here or on another node, if its switch is off, if the jobs are not started
     *     or closed, or if Redis does not answer
     * @throws IllegalArgumentException if there is no job of this name
     */
    void runNow(String name, String by);

    /**
     * Asks the run of a job on this node to end, and interrupts its task, so that one that blocks ends too; does
     * nothing if there is none. A run that waits for a thread never begins.
     *
     * <p>A run that lost its lease is interrupted in the same way. A task that goes on all the same keeps its thread,
     * and its job does not start again on this node before it ends.
     *
     * @throws IllegalArgumentException if there is no job of this name
     */
    void cancel(String name, String by);

    /**
     * Lets a job not start when it is due, on no node of the fleet, until it is resumed; kept over restarts in Redis.
     * What is running goes on, and so does what is to run at the start.
     *
     * <p>It holds here when this returns, and on all nodes within two seconds. Waits for Redis, so it must not be
     * called on a thread of the Redis client.
     *
     * @param by who pauses it; 1 to 200 characters
     * @throws JobException if Redis does not answer; whether it is paused is unknown then
     * @throws IllegalArgumentException if there is no job of this name
     */
    void pause(String name, String by);

    /**
     * Lets a paused job start again when it is due; does nothing if it is not paused.
     *
     * @throws JobException as for {@link #pause}
     */
    void resume(String name, String by);

    /**
     * Sets when in its period a job starts, on all nodes, in place of what it was given or where it was placed; like
     * {@link #pause}, it holds within two seconds and is kept over restarts.
     *
     * @param offset zero or more, and less than the period
     * @throws JobException as for {@link #pause}
     * @throws IllegalArgumentException if the job has no period, or the offset is out of its range
     */
    void offset(String name, Duration offset, String by);

    /**
     * Takes back what {@link #offset} set; does nothing if nothing was.
     *
     * @throws JobException as for {@link #pause}
     */
    void resetOffset(String name, String by);

    /**
     * Waits until the run at the start of each of these jobs has ended, however it ended; jobs that do not run at the
     * start, or did not because their switch was off, are not waited for.
     *
     * @param limit zero or less asks without waiting
     * @return false if they did not end within the time, or the thread was interrupted (and still is)
     * @throws IllegalArgumentException if there is no job of one of these names
     */
    boolean awaitFirstRuns(Collection<String> names, Duration limit);

    /**
     * Lets nothing start any more, asks what is running to end, and waits up to 5 s for that; then it interrupts what
     * still goes on. Within a task it neither waits nor interrupts. Closing again does nothing.
     */
    @Override
    void close();

    /**
     * Configures jobs; not thread-safe.
     *
     * <p>Each setting may be given once, but for {@link #job}; giving it again throws {@link IllegalStateException}.
     */
    interface Builder {

        /**
         * Shares the jobs with other nodes through this Redis; without it this process is the fleet.
         *
         * @param redis stays open when the jobs are closed
         */
        Builder redis(RedisConnection redis);

        /**
         * Sets the first part of every key in Redis; {@code millpond} by default.
         *
         * @param namespace the same on all nodes; 1 to 64 letters, digits, dots, hyphens and underscores
         * @throws IllegalArgumentException if it has other characters or another length
         */
        Builder namespace(String namespace);

        /**
         * Sets the switches that jobs go by; without them all are on.
         *
         * @param switches stay open when the jobs are closed
         */
        Builder switches(Switches switches);

        /**
         * Adds a job; can be used for any number of jobs. Those that run at the start begin in the order in which they
         * were added.
         *
         * @throws IllegalArgumentException if there is a job of this name already, or it has an offset and no period
         */
        Builder job(Job job);

        /**
         * Sets whether jobs with a period and without an offset of their own are placed so that as few as possible
         * start together; true by default. Otherwise they all have the offset zero.
         */
        Builder staggered(boolean staggered);

        /**
         * Shifts the starts of all jobs, also those by cron expressions, by the same part of a time, so that
         * applications that share a database do not all start theirs at the full minute; none by default.
         *
         * <p>Which part is decided by the namespace, so that it is the same on all nodes and after every restart.
         *
         * @param most zero to 24 hours, in whole milliseconds; the shift is less
         * @throws IllegalArgumentException if it is out of this range
         */
        Builder jitter(Duration most);

        /**
         * Sets how many jobs run at the same time on this node; 4 by default. Others wait for a thread.
         *
         * @param most 1 to 1000
         * @throws IllegalArgumentException if it is out of this range
         */
        Builder concurrency(int most);

        /** Sets the source of the time of day; the system's by default. */
        Builder clock(InstantSource clock);

        /** Makes the jobs, which run once they are {@linkplain Jobs#start started}; does not wait for Redis. */
        Jobs build();
    }
}
