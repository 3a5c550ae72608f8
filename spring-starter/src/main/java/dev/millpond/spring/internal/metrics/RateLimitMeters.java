package dev.millpond.spring.internal.metrics;

import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.spi.DecisionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Counts and times decisions by tier, outcome, mode and failure policy; thread-safe. */
public final class RateLimitMeters implements DecisionListener {

    private final Supplier<MeterRegistry> registry;
    private final Supplier<Optional<RateLimiter>> limiter;
    private final ConcurrentMap<Kind, Meters> meters = new ConcurrentHashMap<>();
    private final AtomicBoolean bound = new AtomicBoolean();

    /**
     * Creates it; the registry and the limiter are obtained with the first decision.
     *
     * @param limiter says how its decisions came about; empty if nobody knows which one it is
     */
    public RateLimitMeters(Supplier<MeterRegistry> registry, Supplier<Optional<RateLimiter>> limiter) {
        this.registry = registry;
        this.limiter = limiter;
    }

    @Override
    public void onDecision(RateLimitDecision decision, Duration latency) {
        Kind kind = Kind.of(decision);
        Meters measured = meters.computeIfAbsent(kind, k -> k.meters(registry.get()));
        measured.decisions().increment();
        measured.duration().record(latency);
        if (!bound.get() && bound.compareAndSet(false, true)) {
            bind();
        }
    }

    private void bind() {
        try {
            limiter.get().ifPresent(known -> new AnswerMeters<>(known, RateLimiter::stats).bindTo(registry.get()));
        } catch (RuntimeException e) {
            bound.set(false); // the next decision tries again
            throw e;
        }
    }

    private record Meters(Counter decisions, Timer duration) {}

    private record Kind(String tier, Outcome outcome, RateLimitMode.Kind mode, Optional<FailurePolicy> policy) {

        static Kind of(RateLimitDecision decision) {
            return new Kind(decision.tier().name(), decision.outcome(), decision.mode(), decision.failurePolicy());
        }

        Meters meters(MeterRegistry registry) {
            String byPolicy = policy.map(Kind::value).orElse("none");
            Tags tags = Tags.of("tier", tier, "outcome", value(outcome), "mode", value(mode), "policy", byPolicy);
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
