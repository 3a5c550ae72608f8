package dev.millpond.cache.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What keys the nodes of a fleet read most, for each cache: texts of keys with counts that fade.
 *
 * <p>Thread-safe. Every method throws {@link dev.millpond.runtime.spi.RedisUnavailableException} if there is no answer
 * in time; a call that threw may still take effect later.
 */
public interface HotKeyStore {

    /** The {@code life} of a node that has added nothing yet. */
    String UNKNOWN = "";

    /** The greatest number of counts in one call, which takes Redis less than a millisecond for so many. */
    int MOST_PER_CALL = 200;

    /** The time in which counts fade by half. */
    Duration HALF_LIFE = Duration.ofMinutes(10);

    /** What is left of one read after a day; a text with less is forgotten. */
    double LEAST_COUNT = Math.pow(0.5, (double) Duration.ofDays(1).toMillis() / HALF_LIFE.toMillis());

    /**
     * Adds counts, lets those from before fade, and forgets what is below {@link #LEAST_COUNT}, and the lowest if they
     * are too many.
     *
     * <p>What the store has for a cache may get lost, and begins a new life then. A node that knows another life than
     * the present one adds nothing; it calls again with {@link #UNKNOWN} and all that it has.
     *
     * @param cache the name of the cache
     * @param life the life that the node added to before, or {@link #UNKNOWN} to add in any case
     * @param counts what to add, at most {@link #MOST_PER_CALL}; positive numbers, or none to learn of a loss
     * @param most how many keys are kept; at least 1
     * @return the present life, or {@link #UNKNOWN} if nothing was added
     */
    String add(String cache, String life, List<Map.Entry<String, Double>> counts, int most);

    /** Returns the texts of the keys that are read most, most read first; at most so many. */
    List<String> mostRead(String cache, int most);
}
