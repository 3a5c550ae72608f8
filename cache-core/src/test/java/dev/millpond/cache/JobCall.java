package dev.millpond.cache;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobRun;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a job as the jobs of an application do; thread-safe. */
public final class JobCall implements JobRun {

    private final long cancelledAfter;
    private volatile long done;
    private volatile long total;
    private volatile Map<String, Long> counts = Map.of();
    private volatile @Nullable String stoppedBy;

    /** Creates a run that nobody cancels. */
    public JobCall() {
        this(Long.MAX_VALUE);
    }

    /** Creates a run that is cancelled when so much is done. */
    public JobCall(long cancelledAfter) {
        this.cancelledAfter = cancelledAfter;
    }

    /** Runs it, and returns what it has counted. */
    public Map<String, Long> run(Job job) {
        try {
            return job.task().run(this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Returns how much was done as the job said last. */
    public long done() {
        return done;
    }

    /** Returns how much there is to do as the job said last. */
    public long total() {
        return total;
    }

    @Override
    public String job() {
        return "job";
    }

    @Override
    public Cause cause() {
        return Cause.SCHEDULE;
    }

    @Override
    public long fencingToken() {
        return 1;
    }

    @Override
    public boolean isCancelled() {
        return done >= cancelledAfter;
    }

    /** Returns what the job has counted, also if it threw something. */
    public Map<String, Long> counts() {
        return counts;
    }

    /** Returns what stopped the job, as it said. */
    public Optional<String> stoppedBy() {
        return Optional.ofNullable(stoppedBy);
    }

    @Override
    public void counted(Map<String, Long> newCounts) {
        counts = newCounts;
    }

    @Override
    public void stoppedBy(String what) {
        stoppedBy = what;
    }

    @Override
    public void progress(long newDone, long newTotal) {
        done = newDone;
        total = newTotal;
    }
}
