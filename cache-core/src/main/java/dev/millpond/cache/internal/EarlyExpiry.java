package dev.millpond.cache.internal;

import java.util.function.DoubleSupplier;

/** Decides which read of an entry takes it for expired before it is, so that it is loaded anew in time; thread-safe. */
final class EarlyExpiry {

    /*
     * How is it decided, and what does a read pay for it?
     *
     * This is XFetch (Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015):
     * with t left until an entry expires, a load time of d and a random number r from 0 to 1, a read loads anew if
     * t <= -b * d * ln(r). Each read decides for itself. The nearer the end the likelier it is, at a rate that the load
     * time sets: an entry that is read often is loaded about when it pays, and one that is not is left alone. While the
     * first of them loads, others decide the same: e^(1/b) of them together, on average, if nothing else stopped them.
     *
     * The load time is a moving average over the loads of one key that this process made, since stored entries have no
     * room for it and loads of one cache are alike. Before the first such load nothing is early.
     *
     * -ln(r) is above 20 once in 500 million reads. So a read further from the end than that compares two numbers, and
     * draws none.
     */

    private static final double FARTHEST = 20;
    private static final int WEIGHT_OF_OLDER_LOADS = 7;

    private final double beta;
    private final DoubleSupplier random;
    private long loadNanos;
    private volatile long windowNanos;

    /**
     * Creates it.
     *
     * @param beta how early loads are; with zero none is
     * @param random gives numbers from 0 to 1, without 1
     */
    EarlyExpiry(double beta, DoubleSupplier random) {
        this.beta = beta;
        this.random = random;
    }

    /** Tells whether any load may be early. */
    boolean isOn() {
        return beta > 0;
    }

    /** Notes how long a load of one key took. */
    void loaded(long nanos) {
        if (isOn()) {
            average(nanos);
        }
    }

    private synchronized void average(long nanos) {
        loadNanos = loadNanos == 0 ? nanos : (WEIGHT_OF_OLDER_LOADS * loadNanos + nanos) / (WEIGHT_OF_OLDER_LOADS + 1);
        windowNanos = (long) (FARTHEST * beta * loadNanos);
    }

    /** Tells whether a read takes an entry for expired that is fresh for so long yet. */
    boolean isDue(long nanosLeft) {
        long window = windowNanos;
        return nanosLeft < window
                && window > 0
                && nanosLeft <= -Math.log(1 - random.getAsDouble()) * (window / FARTHEST);
    }

    /** Tells whether a read could take it so. */
    boolean isNear(long nanosLeft) {
        long window = windowNanos;
        return window > 0 && nanosLeft < window;
    }
}
