package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Draws on a terminal, and nowhere else, how far the runs at the start are, until they have ended. */
final class StartBar {

    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final JobTimer timer;
    private final Consumer<String> terminal;
    private final List<ManagedJob> jobs;
    private int width;

    /**
     * Creates a bar that is not drawn yet.
     *
     * @param timer is closed when they have ended
     * @param terminal prints a text as it is
     * @param jobs that run at the start
     */
    StartBar(JobTimer timer, Consumer<String> terminal, List<ManagedJob> jobs) {
        this.timer = timer;
        this.terminal = terminal;
        this.jobs = jobs;
    }

    /** Begins to draw, if there is a terminal and something to see. */
    static void begin(List<ManagedJob> jobs) {
        if (!jobs.isEmpty() && Terminal.isThere()) {
            // On a thread of its own, since somebody may stop the terminal, which must not stop the jobs.
            new StartBar(new TimerThread("millpond-jobs-bar"), Terminal::print, jobs).later();
        }
    }

    void later() {
        timer.after(INTERVAL, this::draw);
    }

    private void draw() {
        Map<String, Progress> running = new TreeMap<>();
        jobs.forEach(job ->
                job.firstProgress().ifPresent(progress -> running.put(job.job().name(), progress)));
        long ended = jobs.stream().filter(job -> job.firstRun().isDone()).count();
        String text = ProgressText.bar((int) ended, jobs.size(), running);
        boolean over = ended == jobs.size();
        // What is left of a longer text before is painted over.
        terminal.accept("\r" + text + " ".repeat(Math.max(0, width - text.length())) + (over ? "\n" : ""));
        width = text.length();
        if (over) {
            timer.close();
        } else {
            later();
        }
    }
}
