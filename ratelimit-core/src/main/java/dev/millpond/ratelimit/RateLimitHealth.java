package dev.millpond.ratelimit;

import dev.millpond.ratelimit.spi.DecisionListener;
import dev.millpond.runtime.spi.HealthSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a rate limiter says of itself, for a {@link dev.millpond.runtime.HealthMonitor}.
 *
 * <p>Give it to {@link RateLimiter.Builder#listener} and to the monitor. The rate {@code blockRate} is the part of the
 * decisions that let a request not go on; in shadow mode all go on. Thread-safe.
 */
public final class RateLimitHealth implements DecisionListener, HealthSource {

    private final LongAdder decisions = new LongAdder();
    private final LongAdder blocked = new LongAdder();

    /** Creates one that has seen no decision. */
    public RateLimitHealth() {}

    @Override
    public void onDecision(RateLimitDecision decision, Duration latency) {
        decisions.increment();
        if (!decision.allowed()) {
            blocked.increment();
        }
    }

    @Override
    public List<Rate> rates() {
        return List.of(new Rate("blockRate", blocked::sum, decisions::sum));
    }
}
