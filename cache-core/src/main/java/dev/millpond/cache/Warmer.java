package dev.millpond.cache;

import dev.millpond.runtime.Job;
import java.time.Duration;

/**
 * Fills a cache before it is asked, and keeps it filled; made by {@link LoadingCache#warmer}.
 *
 * <p>It takes the keys in batches, looks up in Redis together what this process does not have, and loads what is not
 * there either: by the bulk loader, if the cache has one, else one key after the other. What is fresh is not loaded, so
 * that of many nodes that start together one loads a key, and the others take it from Redis.
 *
 * <p>Its loads stand behind those of callers: it never takes more than half of the cache's
 * {@linkplain CacheBuilder#maximumConcurrentLoads loads}, if there are two, waits while callers need more, and leaves
 * keys that somebody else is loading to them. Its look-ups count neither as hits nor as misses. An invalidation beats
 * its loads as it beats all others.
 *
 * <p>Without Redis, more keys than the cache {@linkplain CacheBuilder#localMaximumSize keeps} cannot all be there: each
 * run loads some again.
 *
 * <p>While the {@linkplain dev.millpond.runtime.Switch#WARM_UP switch} {@code warm-up} is off it does nothing, and what
 * is under way ends. When Redis is away it fills this process alone. A node that has just started does not know the
 * invalidations of its namespace yet and could keep nothing: a run waits for that, for up to 5 s. Thread-safe.
 */
public interface Warmer {

    /** Returns the name; that of the cache by default. */
    String name();

    /**
     * Returns the job {@code warm-up:<name>}, which loads what is missing, on each node when the jobs are started.
     *
     * <p>With a schedule, as {@code warmUp().every(Duration.ofMinutes(1))}, it loads again on one node of the fleet
     * what has got lost since, for example with Redis itself.
     */
    Job warmUp();

    /**
     * Returns the job {@code refresh:<name>}, which loads all the keys anew, fresh or not; it needs a schedule, as
     * {@code refresh().every(Duration.ofMinutes(5))}.
     *
     * <p>Readers are answered with what there is meanwhile. A loader that answers that nothing was modified makes it
     * cheap. Other nodes go on with what they have in their processes until that expires there.
     */
    Job refresh();

    /**
     * Loads what is missing now, on threads of its own, and returns when that is done.
     *
     * <p>If it takes long, a line is logged every five seconds, and a bar shows how far it is if the output is a
     * terminal. It is no job, so that gauges and operators do not see it; {@link #warmUp} is one.
     *
     * @return also if it was stopped by its deadline, the switch, or because the thread was interrupted, which it stays
     * @throws WarmUpException if a load failed and the warmer {@linkplain Builder#onFailure ends} with the first
     *     failure
     */
    WarmUpReport run();

    /**
     * Configures a warmer; not thread-safe.
     *
     * <p>Each setting may be given once; giving it again throws {@link IllegalStateException}. A value out of its range
     * throws {@link IllegalArgumentException}.
     */
    interface Builder {

        /**
         * Sets the name; that of the cache by default.
         *
         * @param name different from that of the application's other warmers; 1 to 64 letters, digits, dots, hyphens
         *     and underscores
         */
        Builder name(String name);

        /**
         * Sets how many batches a run has under way at once; 4 by default. For a bulk loader that reads its own cache
         * choose 1: two batches could wait for each other, and the loads of one of them fail.
         *
         * @param batches 1 to 64; never more loads than half of the cache's
         *     {@linkplain CacheBuilder#maximumConcurrentLoads maximum}
         */
        Builder concurrency(int batches);

        /**
         * Sets how often the loader is called at most, by this warmer on this node; any number of times by default.
         *
         * @param calls per second, 0.000 001 to 1 000 000; they are spread evenly, and what was missed is not made up
         */
        Builder loadsPerSecond(double calls);

        /**
         * Sets how many keys are looked up together, and given to the bulk loader together if there is one; 100 by
         * default.
         *
         * @param keys 1 to 10 000
         */
        Builder batchSize(int keys);

        /**
         * Sets how long a run may take; 10 minutes by default.
         *
         * <p>After that no further key is taken and no further load begins; those under way are waited for.
         *
         * @param deadline at least 1 ms
         */
        Builder deadline(Duration deadline);

        /**
         * Sets what a failed load means for a run; {@link OnFailure#ACCUMULATE} by default.
         *
         * <p>Keys that are loaded together fail together. The first failure of a run is logged. A job of which all
         * loads fail fails in any case.
         */
        Builder onFailure(OnFailure policy);

        /** Makes the warmer; it does nothing by itself. */
        Warmer build();
    }
}
