package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Skip;
import java.time.Duration;

/** The answer to who asks for a lease. */
sealed interface Claim {

    /** The job may run. */
    record Granted(Lease lease) implements Claim {}

    /** The job may not run, for a reason that stays. */
    record Refused(Skip reason) implements Claim {}

    /**
     * A run on another node may be on its way.
     *
     * @param holder of the lease
     * @param left until the lease ends if it is not renewed
     */
    record Held(String holder, Duration left) implements Claim {}
}
