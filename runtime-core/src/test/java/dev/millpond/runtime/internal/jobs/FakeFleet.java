package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Skip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Leases of a fleet whose other nodes do as a test says. */
class FakeFleet implements Leases {

    final List<Due> asked = new ArrayList<>();
    final List<Lease> released = new ArrayList<>();
    int renewals;
    boolean away;
    boolean taken;

    /** What is answered instead of a lease; null for a lease. */
    @Nullable
    Claim refusal;

    /** Lets another node hold the lease. */
    void held(Duration left) {
        refusal = new Claim.Held("other", left);
    }

    @Override
    public Claim claim(Due due) {
        asked.add(due);
        if (away) {
            return new Claim.Refused(Skip.REDIS_AWAY);
        }
        return refusal != null
                ? refusal
                : new Claim.Granted(new Lease(due.job(), "me", asked.size(), due.time(), due.leaseTime(), due.life()));
    }

    @Override
    public CompletionStage<Boolean> renew(Lease lease) {
        renewals++;
        return away
                ? CompletableFuture.failedStage(new IllegalStateException("away"))
                : CompletableFuture.completedStage(!taken);
    }

    @Override
    public void release(Lease lease) {
        released.add(lease);
    }

    @Override
    public void letGo(Lease lease) {
        released.add(lease);
    }
}
