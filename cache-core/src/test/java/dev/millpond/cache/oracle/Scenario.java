package dev.millpond.cache.oracle;

import dev.millpond.cache.oracle.FaultPlan.Step;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import java.util.function.IntPredicate;

/**
 * What a trial does.
 *
 * @param variant how the nodes are put together
 * @param plan which faults happen
 * @param length for how long at the most; less if there is a violation
 * @param writing which nodes change something
 * @param reading what readers choose
 * @param seed of what readers and writers choose
 */
record Scenario(
        Variant variant, Iterator<Step> plan, Duration length, IntPredicate writing, Reading reading, long seed) {

    /** Chooses a read. */
    @FunctionalInterface
    interface Reading {

        Read next(Reads reads, Random random);
    }
}
