package dev.millpond.ratelimit;

import dev.millpond.ratelimit.spi.DecisionObserver;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes each decision of a rate limiter an observation of Micrometer, and so a span where traces are made of these.
 *
 * <p>The observation is called {@code millpond.ratelimit.decision} and is a child of the one that is current on the
 * thread that asks. It has the low-cardinality keys {@code tier}, {@code outcome}, {@code mode} and {@code policy},
 * with {@code none} where there is nothing to say; never a client, key or address. That of an asynchronous decision may
 * be stopped on a thread of the Redis client, where its handlers must not block. Thread-safe. Needs
 * {@code io.micrometer:micrometer-observation} on the class path.
 *
 * @see RateLimiter.Builder#observer
 */
public final class DecisionObservations implements DecisionObserver {

    private static final String NAME = "millpond.ratelimit.decision";
    private static final KeyValues FAILED = keys("none", "none", "none", "none");

    private final ObservationRegistry registry;

    /** Creates the observer of any number of rate limiters. */
    public DecisionObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Observed begin() {
        Observation observation = Observation.createNotStarted(NAME, registry)
                .contextualName("rate-limit decision")
                .start();
        return (decision, failure) -> end(observation, decision, failure);
    }

    private static void end(
            Observation observation, @Nullable RateLimitDecision decision, @Nullable Throwable failure) {
        if (failure != null) {
            observation.error(failure);
        }
        observation
                .lowCardinalityKeyValues(decision == null ? FAILED : keysOf(decision))
                .stop();
    }

    private static KeyValues keysOf(RateLimitDecision decision) {
        return keys(
                decision.tier().name(),
                value(decision.outcome()),
                value(decision.mode()),
                decision.failurePolicy().map(DecisionObservations::value).orElse("none"));
    }

    private static KeyValues keys(String tier, String outcome, String mode, String policy) {
        return KeyValues.of("tier", tier, "outcome", outcome, "mode", mode, "policy", policy);
    }

    private static String value(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
