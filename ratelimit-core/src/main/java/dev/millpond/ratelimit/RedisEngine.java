package dev.millpond.ratelimit;

/**
 * How a rate limiter decides on buckets in Redis.
 *
 * <p>Both keep the same buckets, in Bucket4j's format, so that one can take over from the other while clients go on,
 * and nodes with either can share them.
 */
public enum RedisEngine {

    /**
     * One call of a script decides inside Redis, by the clock of Redis: one round trip, whatever the load. The tier's
     * limits must be such that the script can count exactly; others are decided like {@link #CAS}.
     */
    SCRIPT,

    /**
     * Compare-and-swap: the node reads the bucket, decides by its own wall clock, and writes the bucket back if no
     * other node was faster; else it tries again. At least two round trips for an admitted request, more under load.
     */
    CAS
}
