package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Progress;
import java.util.Optional;

/** What is shown on a terminal while it goes on; thread-safe. */
interface Watched {

    String name();

    /** Returns how far it is; empty unless it is on its way. */
    Optional<Progress> progress();

    boolean isOver();
}
