package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/** How long probes take; for the one thread that sends them. */
final class ProbeTimes {

    private static final Duration LATE = Duration.ofMillis(50);

    private final Ticker ticker;
    private final Duration interval;
    private long due;
    private long begunAt;
    private boolean late;

    ProbeTimes(Ticker ticker, Duration interval) {
        this.ticker = ticker;
        this.interval = interval;
        this.due = ticker.read();
    }

    void began() {
        begunAt = ticker.read();
        late = begunAt - due > LATE.toNanos();
    }

    /**
     * Returns how long the probe took; zero if it began late, since a process that is held up itself measures its own
     * time, and not that of Redis.
     */
    Duration ended() {
        long now = ticker.read();
        due = now + interval.toNanos();
        return late ? Duration.ZERO : Duration.ofNanos(now - begunAt);
    }
}
