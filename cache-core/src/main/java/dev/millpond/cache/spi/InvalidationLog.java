package dev.millpond.cache.spi;

import java.util.Collection;

/**
 * The sequence of all invalidations of a namespace.
 *
 * <p>Each invalidation gets a number, and every node learns of all of them in order, or learns that it missed some.
 * Thread-safe.
 */
public interface InvalidationLog extends AutoCloseable {

    /** The most names under one number; more are recorded in parts, each under a number of its own. */
    int MOST_NAMES = 500;

    /** Begins to tell a follower of invalidations; called once, before anything else. */
    void start(Follower follower);

    /**
     * Records that everything that carries one of these names is invalid from now on, and tells this node's follower
     * before it returns.
     *
     * <p>Never throws because Redis is away: then the follower is told to trust nothing, and the names are sent later.
     *
     * @return the number of the invalidation, the last if it has several, or -1 if it has none yet
     */
    long append(Collection<String> names);

    /**
     * Does the same for entries that are put, whose names in this process get a number that no other put of them has:
     * of two puts of one key, one is the later one.
     *
     * @param names at most {@link #MOST_NAMES}
     */
    default long appendPut(Collection<String> names) {
        return append(names);
    }

    /**
     * Begins to ask whether this node's follower knows everything that was recorded before this call, without waiting
     * for the answer.
     */
    Check check();

    /** Returns how far this node is, as far as it knows. */
    Progress progress();

    /** Stops telling the follower. */
    @Override
    void close();

    /** A question to the log that is under way. */
    @FunctionalInterface
    interface Check {

        /**
         * Waits for the answer and brings the follower up to it where it is behind.
         *
         * @return whether the follower knows everything that was recorded before the question; false if the log does
         *     not answer in time
         */
        boolean passed();
    }

    /**
     * How far one node is.
     *
     * @param lag how many invalidations it has heard of and not applied
     * @param gaps how often it heard of an invalidation without those before it, and had to ask for them
     * @param pending how many names were invalidated here that the log has not taken yet
     */
    record Progress(long lag, long gaps, int pending) {}

    /** What one node knows of the log; thread-safe. */
    interface Follower {

        /** Returns the epoch of what this node knows. */
        String epoch();

        /** Returns up to which number this node knows everything. */
        long applied();

        /** Takes the next invalidation of the current epoch; a number that is not the next is ignored. */
        void apply(long sequence, Collection<String> names);

        /**
         * Forgets everything: nothing stamped with another epoch, or with a number below the floor, is valid any more.
         */
        void reset(String epoch, long floor);

        /** Makes everything that this node holds or is loading invalid, and answers nothing from it until confirmed. */
        void distrust();

        /** Says that nothing recorded before this moment is missing. */
        void confirm(long nanoTime);
    }
}
