package dev.millpond.ratelimit;

/**
 * The place of an admitted request among those in flight; whoever finishes the request releases it.
 *
 * <p>Thread-safe. A place that is not released is free again after the {@linkplain InFlightLimit#timeout() timeout} of
 * its tier; a request that takes longer than that no longer counts.
 */
@FunctionalInterface
public interface Permit {

    /**
     * Gives the place back, without waiting for Redis and without ever throwing because of it; again it does nothing.
     *
     * <p>If Redis is away, the place is free after the timeout.
     */
    void release();
}
