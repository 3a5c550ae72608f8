package dev.millpond.cache;

import java.time.Duration;

/**
 * What one run of a {@link Warmer} has done; immutable.
 *
 * @param warmer the name of the warmer
 * @param ending how it ended
 * @param planned keys that there were to look at; those taken so far, if it ended early and nobody knows how many were
 *     left
 * @param loaded keys that the loader was asked for, also those that the source has no value for
 * @param skipped keys that need not be loaded: they were fresh, or somebody else was loading them, or the cache keeps
 *     nothing of them
 * @param failed keys whose load failed
 * @param took from the beginning to the end
 * @param bytes what the cache read from Redis and made for it meanwhile, reads by others included
 */
public record WarmUpReport(
        String warmer, Ending ending, long planned, long loaded, long skipped, long failed, Duration took, long bytes) {

    /** How a run ended. */
    public enum Ending {
        /** All keys were looked at. */
        COMPLETED,
        /** A load failed, and the warmer ends with the first failure. */
        FAILED,
        /** Somebody asked it to end, or its thread was interrupted. */
        CANCELLED,
        /** Its time was over. */
        DEADLINE,
        /** The switch {@code warm-up} was or became off. */
        SWITCHED_OFF
    }

    /** Returns the number of keys that were not looked at. */
    public long left() {
        return planned - loaded - skipped - failed;
    }
}
