package dev.millpond.benchmarks.measure;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param forks how many processes run each peer, in turns with those of the others
 * @param warmUp how long each runs before anything counts; less than 20 s flatters whatever becomes quick soon
 * @param iterations how many times it is measured in each process
 * @param iteration how long each time
 */
public record Pace(int forks, Duration warmUp, int iterations, Duration iteration) {

    /** What figures are taken with. */
    static final Pace FULL = new Pace(5, Duration.ofSeconds(20), 5, Duration.ofSeconds(2));

    /** One process of each peer, so that differences below 1.3 × say nothing. */
    static final Pace QUICK = new Pace(1, Duration.ofSeconds(20), 5, Duration.ofSeconds(2));

    /** Tells whether everything runs, and nothing else. */
    static final Pace SMOKE = new Pace(1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1));

    /** A warm-up has several parts, in each of which commands are looked at. */
    static final int WARM_UP_PARTS = 4;

    static Pace of(boolean quick, boolean smoke) {
        if (smoke) {
            return SMOKE;
        }
        return quick ? QUICK : FULL;
    }

    /** Returns the same with so many processes at most. */
    Pace withAtMost(int processes) {
        return new Pace(Math.min(forks, processes), warmUp, iterations, iteration);
    }

    /** Tells whether what it shows may be quoted. */
    public boolean forFigures() {
        return warmUp.compareTo(FULL.warmUp) >= 0;
    }

    /** Returns the end of the name of the file that results are written to. */
    String suffix() {
        if (!forFigures()) {
            return "-smoke";
        }
        return equals(QUICK) ? "-quick" : "";
    }

    String text() {
        String processes = forks == 1 ? "1 process of each" : forks + " processes of each, in turns";
        String all = processes + ", warm-up " + warmUp.toMillis() / 1e3 + " s, measured for " + iterations + " × "
                + iteration.toMillis() / 1e3 + " s";
        return forFigures() ? all : "SMOKE TEST, NO FIGURES: " + all;
    }
}
