package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Draws on a terminal, and nowhere else, how far the runs at the start are, or others, until they have ended. */
final class StartBar {

    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final JobTimer timer;
    private final Consumer<String> terminal;
    private final String what;
    private final List<? extends Watched> all;
    private int width;

    /**
     * Creates a bar that is not drawn yet.
     *
     * @param timer is closed when they have ended
     * @param terminal prints a text as it is
     * @param what they are, in the plural
     */
    StartBar(JobTimer timer, Consumer<String> terminal, String what, List<? extends Watched> all) {
        this.timer = timer;
        this.terminal = terminal;
        this.what = what;
        this.all = all;
    }

    /** Begins to draw, if there is a terminal and something to see. */
    static void begin(String what, List<? extends Watched> all) {
        if (!all.isEmpty() && Terminal.isThere()) {
            // On a thread of its own, since somebody may stop the terminal, which must not stop the jobs.
            new StartBar(new TimerThread("millpond-jobs-bar"), Terminal::print, what, all).later();
        }
    }

    void later() {
        timer.after(INTERVAL, this::draw);
    }

    private void draw() {
        int ended = (int) all.stream().filter(Watched::isOver).count();
        boolean over = ended == all.size();
        boolean leavesNoTrace = over && width == 0;
        if (!leavesNoTrace) {
            print(ended, over ? "\n" : "");
        }
        if (over) {
            timer.close();
        } else {
            later();
        }
    }

    private void print(int ended, String end) {
        Map<String, Progress> running = new TreeMap<>();
        all.forEach(each -> each.progress().ifPresent(progress -> running.put(each.name(), progress)));
        String text = ProgressText.bar(ended, all.size(), what, running);
        // What is left of a longer text before is painted over.
        terminal.accept("\r" + text + " ".repeat(Math.max(0, width - text.length())) + end);
        width = text.length();
    }
}
