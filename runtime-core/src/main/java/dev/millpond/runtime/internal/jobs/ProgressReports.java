package dev.millpond.runtime.internal.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs every five seconds how far something is.
 *
 * @param line gives what is to be logged; empty when it is over
 */
record ProgressReports(JobTimer timer, Supplier<Optional<String>> line) {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(ProgressReports.class);

    /** Begins to log how far a run is. */
    static void begin(JobsNode node, RunningJob run) {
        begin(
                node.timer(),
                () -> run.isOver()
                        ? Optional.empty()
                        : Optional.of("Job '" + run.job() + "' " + ProgressText.line(run.progress(), run.elapsed())));
    }

    /** Begins to log. */
    static void begin(JobTimer timer, Supplier<Optional<String>> line) {
        new ProgressReports(timer, line).later();
    }

    private void later() {
        timer.after(INTERVAL, this::report);
    }

    private void report() {
        line.get().ifPresent(text -> {
            log.info("{}", text);
            later();
        });
    }
}
