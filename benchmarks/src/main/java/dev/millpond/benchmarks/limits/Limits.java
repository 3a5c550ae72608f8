package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.peers.Machine;
import java.util.List;

/** Limits of a number of keys as one library keeps them; thread-safe. */
interface Limits {

    /** Takes one token of the key at this place. */
    boolean tryAcquire(int key);

    /** Returns how many decisions were not made as they should be, so far. */
    default long strays() {
        return 0;
    }

    /** Makes the limits of keys, all alike. */
    interface Opener {

        Limits open(Machine machine, Allowance allowance, List<String> keys) throws Exception;
    }
}
