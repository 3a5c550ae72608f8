package dev.millpond.runtime;

import java.util.Map;

/** What a job does each time it runs; thread-safe. */
@FunctionalInterface
public interface JobTask {

    /**
     * Does it.
     *
     * <p>A job never runs twice at the same time on one node. The thread belongs to the jobs and is interrupted if they
     * are closed and the run goes on all the same.
     *
     * @param run tells why it runs, and when to stop
     * @return what was counted, for operators: numbers by name, such as {@code loaded} and 12; may be empty
     * @throws Exception if it failed; the next run comes as planned
     */
    Map<String, Long> run(JobRun run) throws Exception;
}
