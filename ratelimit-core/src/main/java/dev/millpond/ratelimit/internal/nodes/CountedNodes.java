package dev.millpond.ratelimit.internal.nodes;

import java.time.Duration;

/**
 * The number of nodes by what Redis has counted; thread-safe.
 *
 * <p>It may grow at any time. It may not fall while Redis cannot know who is alive: when it had lost this node, or had
 * not heard of it for longer than a node that is well is silent, it has lost or not heard the others either. They then
 * have as long to be counted again as a node may be silent. So neither an outage nor a flush gives anybody a larger
 * share.
 */
final class CountedNodes {

    /** After that, Redis forgets a node that is silent. */
    static final Duration LIFE = Duration.ofSeconds(5);

    /** Longer than the time from one beat to the next, and shorter by more than that than {@link #LIFE}. */
    private static final Duration LONGEST_USUAL_SILENCE = Duration.ofMillis(2_500);

    private volatile int nodes = 1; // read by decisions
    private boolean known;
    private long mayFallAt;

    int nodes() {
        return nodes;
    }

    /**
     * Takes a count.
     *
     * @param now elapsed time in nanoseconds
     */
    synchronized void counted(Count count, long now) {
        if (!known) {
            known = true;
            mayFallAt = now;
        } else if (count.silence().compareTo(LONGEST_USUAL_SILENCE) > 0) {
            mayFallAt = now + LIFE.toNanos();
        }
        nodes = now - mayFallAt >= 0 ? count.nodes() : Math.max(nodes, count.nodes());
    }

    /**
     * What Redis says to a beat.
     *
     * @param nodes how many are alive, with this one
     * @param silence since the last beat of this node that Redis remembers
     */
    record Count(int nodes, Duration silence) {

        /** The silence of a node that Redis did not know. */
        static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);
    }
}
