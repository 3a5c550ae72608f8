package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Skip;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives out permissions of this process alone, which hold for ever: a process that is gone runs nothing. */
final class OwnLeases implements Leases {

    private final Tokens tokens;
    private final Map<String, Long> last = new HashMap<>();

    OwnLeases(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public synchronized Claim claim(Due due) {
        if (!due.isNewAfter(last.getOrDefault(due.job(), Due.NONE))) {
            return new Claim.Refused(Skip.RUN_ALREADY);
        }
        if (due.time() != Due.NONE) {
            last.put(due.job(), due.time());
        }
        long token = tokens.next();
        return new Claim.Granted(
                new Lease(due.job(), Long.toString(token), token, due.time(), Duration.ZERO, Duration.ZERO));
    }

    @Override
    public CompletionStage<Boolean> renew(Lease lease) {
        return CompletableFuture.completedStage(true);
    }

    @Override
    public void release(Lease lease) {
        // Nobody waits for it.
    }

    @Override
    public void letGo(Lease lease) {
        // Nobody waits for it.
    }
}
