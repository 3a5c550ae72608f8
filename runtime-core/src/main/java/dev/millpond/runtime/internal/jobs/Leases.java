package dev.millpond.runtime.internal.jobs;

import java.util.concurrent.CompletionStage;

/** Gives out permissions to run jobs; thread-safe. */
interface Leases {

    /** Asks for a lease; may wait for the answer. */
    Claim claim(Due due);

    /** Lets a lease hold on from now, without waiting; the answer is false if somebody else has it, or had it. */
    CompletionStage<Boolean> renew(Lease lease);

    /** Gives a lease back; may wait for a moment. */
    void release(Lease lease);

    /** Gives a lease back without waiting. */
    void letGo(Lease lease);
}
