package dev.millpond.runtime;

import java.util.Map;

/** One run of a job, as its task sees it; thread-safe. */
public interface JobRun {

    /** Why a job runs. */
    enum Cause {

        /** The jobs were started, on this node. */
        START,

        /** Its schedule says so. */
        SCHEDULE,

        /** Somebody {@linkplain Jobs#runNow asked for it}. */
        REQUEST
    }

    /** Returns the name of the job. */
    String job();

    /** Returns why it runs. */
    Cause cause();

    /**
     * Returns a number that is higher than that of every earlier run of this job on any node that shares the Redis, so
     * that whoever stores results can refuse those of a run that was replaced.
     *
     * <p>Runs that need no permission of the fleet do not ask Redis: those at the start, and those of jobs that run
     * {@linkplain Job#onEveryNode on every node}. Their number follows the clock of this process, as those of the fleet
     * follow that of Redis, and is higher than that of every earlier run in this process.
     */
    long fencingToken();

    /**
     * Tells whether the run should end soon: it was cancelled, another node may run the job by now, the switch of the
     * job is off, or the jobs are closed. Once true it stays so; costs next to nothing to ask.
     */
    boolean isCancelled();

    /**
     * Tells operators how far it is.
     *
     * @param done of whatever it counts, such as entries
     * @param total what it will have done at the end; 0 if that is not known
     */
    void progress(long done, long total);

    /**
     * Tells operators what was counted so far, in place of what was told before. It is what they see of a run that
     * throws something; that of any other one is what its task {@linkplain JobTask#run returns}.
     *
     * @param counts numbers by name; copied
     */
    void counted(Map<String, Long> counts);

    /**
     * Tells operators what ended the task before it had done everything, such as its own deadline. Whoever asks it to
     * end needs not be told of: that is known.
     *
     * @param what in words that come after "stopped by", such as {@code its deadline of PT10M}
     */
    void stoppedBy(String what);
}
