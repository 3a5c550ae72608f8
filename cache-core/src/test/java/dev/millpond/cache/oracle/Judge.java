package dev.millpond.cache.oracle;

import dev.millpond.cache.oracle.Violation.Promise;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds every read to the promises; thread-safe. */
final class Judge {

    private final Truth truth;
    private final long boundNanos;
    private final long strictBoundNanos;
    private final Report report;

    /**
     * Creates the judge of a trial.
     *
     * @param bound how long after it was complete a read may miss an invalidation
     * @param strictBound the same for a read of a strict cache
     */
    Judge(Truth truth, Duration bound, Duration strictBound, Report report) {
        this.truth = truth;
        this.boundNanos = bound.toNanos();
        this.strictBoundNanos = strictBound.toNanos();
        this.report = report;
    }

    /** Reads on a node and judges the answer. */
    void judge(int node, Read read) {
        long begun = System.nanoTime();
        Claim claim = new Claim(
                node,
                read,
                begun,
                truth.completeAt(read.subjects(), begun - (read.strict() ? strictBoundNanos : boundNanos)),
                truth.returnedOn(node, read.subjects()));
        try {
            judge(claim, read.answer().get());
        } catch (RuntimeException | Error e) {
            threw(node, read.how(), e);
        }
    }

    /** Reads on a node once nothing changes any more and the node has learned of all that did. */
    void judgeNewest(int node, Read read) {
        long[] newest =
                read.subjects().stream().mapToLong(truth.source()::latest).toArray();
        Claim claim = new Claim(node, read, System.nanoTime(), newest, newest);
        List<Long> answer = read.answer().get();
        for (int i = 0; i < answer.size(); i++) {
            if (claim.version(truth, i, answer) != newest[i]) {
                report.violation(claim.broken(Promise.CONVERGENCE, i, answer.get(i)));
            }
        }
    }

    /** Takes down that an operation failed. */
    void threw(int node, String operation, Throwable failure) {
        report.violation(new Violation(Promise.NO_FAILURE, operation + " on node " + node + " threw " + failure));
    }

    private void judge(Claim claim, List<Long> answer) {
        report.read();
        for (int i = 0; i < answer.size(); i++) {
            long version = claim.version(truth, i, answer);
            Promise broken = broken(claim, i, version);
            if (broken != null) {
                report.violation(claim.broken(broken, i, version));
            } else {
                report.stale(claim.begun() - truth.history(claim.subject(i)).outdatedSince(version, claim.begun()));
            }
        }
    }

    private @Nullable Promise broken(Claim claim, int index, long version) {
        if (version > truth.source().latest(claim.subject(index))) {
            return Promise.NO_INVENTION;
        }
        if (version < claim.returned()[index]) {
            return Promise.OWN_WRITES;
        }
        if (version >= claim.complete()[index]) {
            return null;
        }
        return claim.read().strict() ? Promise.STRICT : Promise.BOUND;
    }

    /**
     * What the answer of a read must not be older than, settled before the read began.
     *
     * @param complete per subject, the version whose invalidation was complete for all nodes one bound ago
     * @param returned per subject, the version whose invalidation had returned on this node
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Claim(int node, Read read, long begun, long[] complete, long[] returned) {

        Subject subject(int index) {
            return read.subjects().get(index);
        }

        long version(Truth truth, int index, List<Long> answer) {
            return truth.meaning(subject(index), answer.get(index));
        }

        Violation broken(Promise promise, int index, long version) {
            return new Violation(
                    promise,
                    read.how() + " on node " + node + " answered version " + version + " of " + subject(index)
                            + "; invalidated and returned here: " + returned[index]
                            + ", complete for longer than the bound: " + complete[index]);
        }
    }
}
