package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Status;
import dev.millpond.runtime.Switch;

/**
 * Why a run is asked to end; immutable.
 *
 * @param by what ends it, in words that come after "by"
 */
record RunEnding(Status status, String by) {

    /** Somebody asks for it. */
    static RunEnding cancelledBy(String who) {
        return new RunEnding(Status.CANCELLED, "'" + who + "'");
    }

    /** The switch that the job goes by is off. */
    static RunEnding switchedOff(Switch which) {
        return new RunEnding(Status.CANCELLED, "the switch '" + which + "'");
    }

    /** The jobs of this process end. */
    static RunEnding closed() {
        return new RunEnding(Status.CANCELLED, "the end of the jobs");
    }

    /** Another node may run the job by now. */
    static RunEnding lost() {
        return new RunEnding(Status.LOST, "the end of its lease");
    }

    /** No thread can be had for it. */
    static RunEnding withoutThread() {
        return new RunEnding(Status.CANCELLED, "the lack of a thread");
    }
}
