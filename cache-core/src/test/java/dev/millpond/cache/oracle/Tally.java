package dev.millpond.cache.oracle;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What was counted under one kind of fault; thread-safe, but for what {@link Chaos} alone tells it. */
final class Tally {

    static final String HEADER = String.format(
            Locale.ROOT,
            "%-22s %9s %7s %7s %8s %8s %8s %6s %15s %12s",
            "fault",
            "reads",
            "L1 hit",
            "L2 hit",
            "loads",
            "grouped",
            "changes",
            "viol.",
            "stale p50/max",
            "trust after");

    private static final int LONGEST_MILLIS = 10_000;

    private final LongAdder reads = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final AtomicLongArray staleMillis = new AtomicLongArray(LONGEST_MILLIS + 1);
    private Counts counts = Counts.NONE;
    private Duration longestRecovery = Duration.ZERO;

    void read() {
        reads.increment();
    }

    void changed() {
        changes.increment();
    }

    void violated() {
        violations.increment();
    }

    void stale(long nanos) {
        staleMillis.incrementAndGet((int) Math.min(LONGEST_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    void counted(Counts more) {
        counts = counts.plus(more);
    }

    void recovered(Duration time) {
        longestRecovery = longestRecovery.compareTo(time) > 0 ? longestRecovery : time;
    }

    long reads() {
        return reads.sum();
    }

    Counts counts() {
        return counts;
    }

    Tally plus(Tally other) {
        Tally sum = new Tally();
        for (Tally each : new Tally[] {this, other}) {
            sum.reads.add(each.reads.sum());
            sum.changes.add(each.changes.sum());
            sum.violations.add(each.violations.sum());
            for (int i = 0; i <= LONGEST_MILLIS; i++) {
                sum.staleMillis.addAndGet(i, each.staleMillis.get(i));
            }
            sum.counted(each.counts);
            sum.recovered(each.longestRecovery);
        }
        return sum;
    }

    String line(String name) {
        return String.format(
                Locale.ROOT,
                "%-22s %9d %6.1f%% %6.1f%% %8d %8d %8d %6d %7d/%4d ms %9d ms",
                name,
                reads.sum(),
                counts.percent(counts.localHits()),
                counts.percent(counts.remoteHits()),
                counts.loads(),
                counts.grouped(),
                changes.sum(),
                violations.sum(),
                staleAtMost(0.5),
                staleAtMost(1.0),
                longestRecovery.toMillis());
    }

    /** Returns within how many milliseconds such a share of the stale answers was. */
    private int staleAtMost(double share) {
        long all = 0;
        for (int i = 0; i <= LONGEST_MILLIS; i++) {
            all += staleMillis.get(i);
        }
        long left = (long) Math.ceil(all * share);
        int millis = 0;
        while (left > 0) {
            left -= staleMillis.get(millis++);
        }
        return Math.max(0, millis - 1);
    }
}
