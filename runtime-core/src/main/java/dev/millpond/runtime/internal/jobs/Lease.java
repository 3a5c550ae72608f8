package dev.millpond.runtime.internal.jobs;

import java.time.Duration;

/**
 * The permission to run a job once; immutable.
 *
 * @param job its name
 * @param holder a name that no other run has
 * @param token higher than that of every earlier run
 * @param due when the job was due, in milliseconds since the epoch; {@link Due#NONE} if it was asked for
 * @param time for how long it holds unless it is renewed; zero for ever
 * @param life for how long it is remembered that the job ran
 */
record Lease(String job, String holder, long token, long due, Duration time, Duration life) {

    /** Tells whether nobody else can get it. */
    boolean forever() {
        return time.isZero();
    }
}
