package dev.millpond.cache.internal;

import dev.millpond.cache.internal.Bulkhead.Permit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the loads of a warm-up begin one by one: at their pace, and behind those that callers wait for; thread-safe.
 *
 * <p>It asks again and again instead of standing in a queue, in which it would sooner or later be in front of somebody.
 */
final class WarmGate {

    static final LongConsumer PARK = LockSupport::parkNanos;

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Bulkhead bulkhead;
    private final Pace pace;
    private final LongConsumer pause;

    WarmGate(Bulkhead bulkhead, Pace pace, LongConsumer pause) {
        this.bulkhead = bulkhead;
        this.pace = pace;
        this.pause = pause;
    }

    /** Returns the permit for one load, or null if the warm-up ends before it gets one. */
    @Nullable
    Permit enter(BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            Permit permit = pace.begin(bulkhead::tryEnterBehindOthers);
            if (permit != null) {
                return permit;
            }
            long early = pace.early();
            pause.accept(early > 0 ? Math.min(early, LONGEST_PAUSE_NANOS) : LONGEST_PAUSE_NANOS);
        }
        return null;
    }
}
