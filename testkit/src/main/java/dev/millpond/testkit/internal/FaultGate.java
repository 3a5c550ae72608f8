package dev.millpond.testkit.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a proxy does to the bytes that pass through it at the moment. Thread-safe. */
public final class FaultGate {

    /** The kinds of fault; one at a time. */
    public enum Fault {
        /** Bytes pass in both directions. */
        NONE,
        /** Bytes from the server wait a while. */
        DELAY,
        /** Bytes from the server wait until the fault ends. */
        HALF_OPEN,
        /** Bytes are lost in both directions. */
        BLACKHOLE,
        /** No connection is possible. */
        REFUSE
    }

    private Fault fault = Fault.NONE;
    private long delayNanos;

    /** Creates a gate that lets everything pass. */
    public FaultGate() {}

    /** Replaces the fault and wakes the bytes that wait for it. */
    public synchronized void set(Fault newFault, Duration delay) {
        fault = newFault;
        delayNanos = delay.toNanos();
        notifyAll();
    }

    /** Returns the fault of the moment. */
    public synchronized Fault fault() {
        return fault;
    }

    /** Tells whether bytes are lost at the moment. */
    boolean swallows() {
        return fault() == Fault.BLACKHOLE;
    }

    /** Tells whether one side must not learn at the moment that the other has ended. */
    boolean hidesTheEnd() {
        Fault now = fault();
        return now == Fault.BLACKHOLE || now == Fault.HALF_OPEN;
    }

    /** Waits until bytes that have just come from the server may go on, or their connection is gone. */
    synchronized void awaitDelivery(BooleanSupplier gone) throws InterruptedException {
        long arrived = System.nanoTime();
        while (!gone.getAsBoolean()) {
            if (fault == Fault.HALF_OPEN) {
                wait();
            } else if (fault == Fault.DELAY && System.nanoTime() - arrived < delayNanos) {
                TimeUnit.NANOSECONDS.timedWait(this, delayNanos - (System.nanoTime() - arrived));
            } else {
                return;
            }
        }
    }

    /** Makes the bytes that wait look again whether their connection is gone. */
    synchronized void wake() {
        notifyAll();
    }
}
