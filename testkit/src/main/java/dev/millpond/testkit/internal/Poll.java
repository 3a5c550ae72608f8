package dev.millpond.testkit.internal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that sends no signal. */
public final class Poll {

    private static final Duration PAUSE = Duration.ofMillis(10);

    private Poll() {}

    /** Returns true as soon as the condition holds, false if it does not within the time. */
    public static boolean until(Duration maxWait, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > maxWait.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
