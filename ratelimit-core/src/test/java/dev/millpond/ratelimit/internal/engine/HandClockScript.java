package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * A script as it is, but for the one expression that asks Redis for the time: in its place stands the time of a test.
 *
 * <p>So production sends no argument for it, and nobody but Redis can ever set the clock there. Leases stay in Redis
 * for longer than they last, since Redis would drop them by its own clock.
 */
record HandClockScript(InstantSource clock) implements UnaryOperator<String> {

    private static final String TIME_OF_REDIS = "redis.call('TIME')";
    private static final String LIFE_OF_LEASES = "math.max(leases.last, ends) - now)";

    @Override
    public String apply(String text) {
        Instant now = clock.instant();
        assertThat(text).containsOnlyOnce(TIME_OF_REDIS);
        return text.replace(TIME_OF_REDIS, "{'" + now.getEpochSecond() + "', '" + now.getNano() / 1_000 + "'}")
                .replace(LIFE_OF_LEASES, "60000)");
    }
}
