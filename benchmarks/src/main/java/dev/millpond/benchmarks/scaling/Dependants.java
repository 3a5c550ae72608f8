package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.peers.Machine;
import java.util.Set;

/** Many entries with one tag, as one design keeps them. */
interface Dependants {

    /** Stores so many. */
    void fill(int count) throws Exception;

    /** Invalidates all of them by their tag. */
    void invalidate() throws Exception;

    /** Returns how many invalidations one after the other cost the same, and leave as much to do for the next. */
    default int alike() {
        return 1;
    }

    /** Returns how many of a hundred, from the first to the last, are still served. */
    long held(int count) throws Exception;

    /** Returns the commands that an invalidation sends, as Redis names them. */
    Set<String> commands();

    /** Connects to an empty Redis. */
    interface Opener {

        Dependants open(Machine machine) throws Exception;
    }
}
