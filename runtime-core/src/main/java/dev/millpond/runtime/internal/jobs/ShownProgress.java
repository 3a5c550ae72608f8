package dev.millpond.runtime.internal.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.JobRun.Cause;
import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.spi.ProgressView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far something is that is no job. */
public final class ShownProgress implements ProgressView, Watched {

    private final JobTimer timer;
    private final String what;
    private final String name;
    private final Ticker ticker;
    private final long begunAt;
    private volatile Progress progress;
    private volatile boolean over;

    /**
     * Begins to log it.
     *
     * @param timer is closed when it is over
     */
    ShownProgress(JobTimer timer, Ticker ticker, Instant now, String what, String name) {
        this.timer = timer;
        this.what = what;
        this.name = name;
        this.ticker = ticker;
        this.begunAt = ticker.read();
        this.progress = new Progress(0, 0, now, Cause.REQUEST);
        ProgressReports.begin(timer, this::line);
    }

    /** Begins to show it, if the system has a thread for that. */
    public static ProgressView begin(String what, String name) {
        return begin(new TimerThread("millpond-progress"), what, name);
    }

    /** What is to be seen goes on without being seen. */
    static ProgressView begin(JobTimer timer, String what, String name) {
        try {
            Instant now = InstantSource.system().instant();
            ShownProgress shown = new ShownProgress(timer, Ticker.systemTicker(), now, what, name);
            StartBar.begin(what + "s", List.of(shown));
            return shown;
        } catch (OutOfMemoryError e) {
            timer.close();
            return new Unseen();
        }
    }

    private Optional<String> line() {
        return progress().map(now -> subject() + " '" + name + "' " + ProgressText.line(now, elapsed()));
    }

    private String subject() {
        return what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
    }

    private Duration elapsed() {
        return Duration.ofNanos(ticker.read() - begunAt);
    }

    @Override
    public void at(long done, long total) {
        progress = new Progress(done, total, progress.startedAt(), Cause.REQUEST);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Progress> progress() {
        return over ? Optional.empty() : Optional.of(progress);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        over = true;
        timer.close();
    }

    private record Unseen() implements ProgressView {

        @Override
        public void at(long done, long total) {
            // Nobody sees it.
        }

        @Override
        public void close() {
            // Nothing was begun.
        }
    }
}
