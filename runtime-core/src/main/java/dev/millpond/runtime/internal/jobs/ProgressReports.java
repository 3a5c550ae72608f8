package dev.millpond.runtime.internal.jobs;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs every five seconds how far a run is. */
record ProgressReports(JobTimer timer, RunningJob run) {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(ProgressReports.class);

    static void begin(JobsNode node, RunningJob run) {
        new ProgressReports(node.timer(), run).later();
    }

    private void later() {
        timer.after(INTERVAL, this::report);
    }

    private void report() {
        if (!run.isOver()) {
            log.info("Job '{}' {}", run.job(), ProgressText.line(run.progress(), run.elapsed()));
            later();
        }
    }
}
