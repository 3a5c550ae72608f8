package dev.millpond.runtime;

import dev.millpond.runtime.internal.OperatorName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a job is on this node; immutable.
 *
 * @param name of the job
 * @param schedule when it runs, in words; for example {@code every PT1M} or {@code cron 0 30 4 * * * UTC}
 * @param nextRun when its schedule is due next; also while it is paused. Empty if it has none, and before the start and
 *     after the end
 * @param offset when in its period it starts; empty unless it has a period
 * @param offsetSet who set another offset at run time; empty if nobody did
 * @param paused who paused it; empty if it is not paused
 * @param running how far the run on this node is; empty if none is on its way
 * @param last how the last run on this node ended; empty if none has
 * @param runs how many runs began on this node
 * @param failures how many of them failed
 * @param overruns how often it was still running on this node when it was due again; it was not started then
 * @param skips how often it was due and not started on this node, by the reason; overruns are not among them
 */
public record JobState(
        String name,
        String schedule,
        Optional<Instant> nextRun,
        Optional<Duration> offset,
        Optional<Order> offsetSet,
        Optional<Order> paused,
        Optional<Progress> running,
        Optional<Result> last,
        long runs,
        long failures,
        long overruns,
        Map<Skip, Long> skips) {

    private static final double SECOND_MILLIS = 1000;

    /** Copies the skips. */
    public JobState {
        skips = Map.copyOf(skips);
    }

    /**
     * What somebody ordered for all nodes; immutable.
     *
     * @param by who did, by their own account
     * @param at when, by the clock of the node that was told
     */
    public record Order(String by, Instant at) {

        /**
         * Checks who ordered it.
         *
         * @throws IllegalArgumentException if that is not 1 to 200 characters, or has control or formatting characters
         *     or line separators
         */
        public Order {
            String unused = OperatorName.require("Who changes a job", by);
        }
    }

    /**
     * How far a run is; immutable.
     *
     * @param done as its task said last; 0 at first
     * @param total 0 if it is not known
     * @param startedAt when it began
     * @param cause why it runs
     */
    public record Progress(long done, long total, Instant startedAt, JobRun.Cause cause) {

        /** Returns how much was done per second from the beginning to a moment. */
        public double perSecond(Instant now) {
            return done
                    * SECOND_MILLIS
                    / Math.max(1, Duration.between(startedAt, now).toMillis());
        }
    }

    /**
     * How a run ended; immutable.
     *
     * @param status how it ended
     * @param cause why it ran
     * @param startedAt when it began
     * @param took how long it took
     * @param counts what its task counted. If it threw something: what it {@linkplain JobRun#counted counted} until
     *     then, else {@code done} and {@code total} of its {@linkplain JobRun#progress progress}, if it told any
     * @param failure class and message of what its task threw, at most 300 characters; empty if it threw nothing
     * @param stoppedBy what ended it before it had done everything, such as {@code its deadline of PT10M}, {@code the
     *     switch 'warm-up'} or {@code 'alice'}; empty if nothing did
     */
    public record Result(
            Status status,
            JobRun.Cause cause,
            Instant startedAt,
            Duration took,
            Map<String, Long> counts,
            Optional<String> failure,
            Optional<String> stoppedBy) {

        /** Copies the counts; their order stays. */
        public Result {
            counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        }
    }

    /** How a run ends. */
    public enum Status {

        /** Its task ended by itself. */
        SUCCEEDED,

        /** Its task threw something. */
        FAILED,

        /** It was cancelled by somebody, by its switch, or by the end of the jobs. */
        CANCELLED,

        /** It could not tell the fleet in time that it was alive; another node may have run the job meanwhile. */
        LOST
    }

    /** Why a job that was due did not start on a node. */
    public enum Skip {

        /** Somebody paused it. */
        PAUSED,

        /** Its switch was off. */
        SWITCHED_OFF,

        /** It was run already: on another node of the fleet, or before the clock was set back a little. */
        RUN_ALREADY,

        /** A run that began earlier was still on its way on another node. */
        RUNNING_ELSEWHERE,

        /** Redis was away or did not answer in time, so that nobody knew whether another node runs it. */
        REDIS_AWAY,

        /** All threads of the jobs were busy until it was due again. */
        NO_THREAD
    }
}
