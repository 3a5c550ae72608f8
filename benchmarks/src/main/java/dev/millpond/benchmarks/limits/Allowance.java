package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.measure.Names;
import java.time.Duration;
import java.util.Map;

/**
 * What each key may have: a bucket of so many tokens, which fills evenly in a period.
 *
 * @param tokens how many
 * @param period how long an empty bucket takes to be full
 */
record Allowance(long tokens, Duration period) {

    /** More than anybody can take from Redis. */
    static final Allowance PLENTY = new Allowance(1_000_000, Duration.ofSeconds(1));

    /** More than anybody can take in a process. */
    static final Allowance LOCAL_PLENTY = new Allowance(500_000_000, Duration.ofSeconds(1));

    /** One token, which is gone at once. */
    static final Allowance NEXT_TO_NOTHING = new Allowance(1, Duration.ofDays(1));

    /** What a free client might have. */
    static final Allowance FREE = new Allowance(12, Duration.ofMinutes(1));

    private static final Map<String, Allowance> BY_NAME =
            Map.of("plenty", PLENTY, "local-plenty", LOCAL_PLENTY, "next-to-nothing", NEXT_TO_NOTHING);

    static Allowance of(String name) {
        return Names.find(BY_NAME, name);
    }

    double microsPerToken() {
        return period.toNanos() / 1e3 / tokens;
    }

    double micros() {
        return period.toNanos() / 1e3;
    }
}
