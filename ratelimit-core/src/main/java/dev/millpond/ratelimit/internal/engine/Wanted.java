package dev.millpond.ratelimit.internal.engine;

/**
 * What one request asks of the buckets.
 *
 * @param cost in tokens
 * @param name under which it takes a place among the requests in flight; empty if it needs none
 */
record Wanted(long cost, String name) {

    static Wanted tokens(long cost) {
        return new Wanted(cost, "");
    }
}
