package dev.millpond.runtime.spi;

import dev.millpond.runtime.internal.jobs.ShownProgress;

/**
 * Shows operators how far something is that is no job, in the way in which runs of jobs are shown: by a line in the log
 * every five seconds, and by a bar if the output is a terminal; thread-safe.
 *
 * <p>What is over before that leaves no trace. Close it when it is over.
 */
public interface ProgressView extends AutoCloseable {

    /**
     * Begins to show something.
     *
     * @param what it is, such as {@code warm-up}
     * @param name which one
     */
    static ProgressView begin(String what, String name) {
        return ShownProgress.begin(what, name);
    }

    /**
     * Takes notice of how far it is.
     *
     * @param total what will have been done at the end; 0 if that is not known
     */
    void at(long done, long total);

    @Override
    void close();
}
