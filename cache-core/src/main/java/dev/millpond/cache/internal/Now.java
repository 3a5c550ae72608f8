package dev.millpond.cache.internal;

/**
 * One moment on the clocks of this node, read once for all that is judged by it.
 *
 * @param ticker the reading of the ticker, in nanoseconds
 * @param millis the time of day, in milliseconds of the epoch
 */
record Now(long ticker, long millis) {}
