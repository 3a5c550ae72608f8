package dev.millpond.spring.internal.metrics;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.spi.DecisionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Counts and times decisions by tier, outcome and mode; thread-safe. */
public final class RateLimitMeters implements DecisionListener {

    private final Supplier<MeterRegistry> registry;
    private final ConcurrentMap<Kind, Meters> meters = new ConcurrentHashMap<>();

    /** Creates it; the registry is obtained with the first decision. */
    public RateLimitMeters(Supplier<MeterRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public void onDecision(RateLimitDecision decision, Duration latency) {
        Kind kind = new Kind(decision.tier().name(), decision.outcome(), decision.mode());
        Meters measured = meters.computeIfAbsent(kind, k -> k.meters(registry.get()));
        measured.decisions().increment();
        measured.duration().record(latency);
    }

    private record Meters(Counter decisions, Timer duration) {}

    private record Kind(String tier, Outcome outcome, RateLimitMode.Kind mode) {

        Meters meters(MeterRegistry registry) {
            Tags tags = Tags.of("tier", tier, "outcome", value(outcome), "mode", value(mode));
            return new Meters(
                    Counter.builder("millpond.ratelimit.decisions")
                            .description("Rate-limit decisions")
                            .tags(tags)
                            .register(registry),
                    Timer.builder("millpond.ratelimit.decision.duration")
                            .description("How long rate-limit decisions took, Redis included")
                            .tags(tags)
                            .register(registry));
        }

        private static String value(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }
}
