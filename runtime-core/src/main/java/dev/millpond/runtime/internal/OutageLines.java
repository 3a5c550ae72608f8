package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides which losses and returns of Redis are worth a line in the log. Thread-safe.
 *
 * <p>One that has no memory left, or became a replica, answers probes and refuses writes: it is lost and comes back
 * twice a second, for as long as nobody repairs it.
 */
final class OutageLines {

    static final int MOST_LOSSES = 3;
    static final Duration PER = Duration.ofMinutes(1);
    static final Duration SETTLED = Duration.ofSeconds(10);

    private final String name;
    private final Ticker ticker;
    private long countedFrom;
    private int losses;
    private long unsaid;
    private boolean silent;
    private boolean returned;
    private long returnedAt;

    /**
     * Creates the lines.
     *
     * @param name of the Redis
     */
    OutageLines(String name, Ticker ticker) {
        this.name = name;
        this.ticker = ticker;
        this.countedFrom = ticker.read();
    }

    /** Returns a line about a loss, or nothing if there were enough of them lately. */
    synchronized Optional<String> lost(String how) {
        returned = false;
        long now = ticker.read();
        if (now - countedFrom >= PER.toNanos()) {
            countedFrom = now;
            losses = 0;
        }
        losses++;
        silent = losses > MOST_LOSSES;
        if (silent) {
            unsaid++;
            return Optional.empty();
        }
        String last = losses < MOST_LOSSES ? "" : " It comes and goes: for a minute, more of that is only counted.";
        return Optional.of(name + " " + how + lossesBefore() + last);
    }

    /** Returns a line about the end of a loss, or nothing if nothing was said about its beginning. */
    synchronized Optional<String> returned() {
        returned = true;
        returnedAt = ticker.read();
        return silent ? Optional.empty() : Optional.of(name + " answers.");
    }

    /** Returns the line that was left out when it came back, once it is clear that it stays. */
    synchronized Optional<String> stays() {
        if (!silent || !returned || ticker.read() - returnedAt < SETTLED.toNanos()) {
            return Optional.empty();
        }
        silent = false;
        return Optional.of(name + " answers, and has done so for " + SETTLED.toSeconds() + " s." + lossesBefore());
    }

    private String lossesBefore() {
        String text = unsaid == 0 ? "" : " Losses that were not logged: " + unsaid + ".";
        unsaid = 0;
        return text;
    }
}
