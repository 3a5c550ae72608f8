package dev.millpond.spring.internal.metrics;

import dev.millpond.ratelimit.RateLimitStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The meters of how decisions came about.
 *
 * @param <T> what made them; a registry does not keep it alive
 */
final class AnswerMeters<T> implements MeterBinder {

    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final T limiter;
    private final Function<T, RateLimitStats> stats;

    AnswerMeters(T limiter, Function<T, RateLimitStats> stats) {
        this.limiter = limiter;
        this.stats = stats;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        answers("redis", RateLimitStats::redisAnswers).register(registry);
        answers("lease", RateLimitStats::leaseAnswers).register(registry);
        answers("memory", RateLimitStats::memoryAnswers).register(registry);
        counter("redis.calls", "Calls in which Redis answered, several requests at once", RateLimitStats::redisCalls)
                .register(registry);
        counter("lease.tokens", "Tokens taken of those that this node was lent", RateLimitStats::leaseTokens)
                .register(registry);
        counter("degraded.time", "For how long this node decided without Redis", AnswerMeters::degradedSeconds)
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder(
                        fullName("redis.batch.max"),
                        limiter,
                        measured -> stats.apply(measured).largestCall())
                .description("The most answers of one call to Redis in the last one to two minutes")
                .register(registry);
    }

    private FunctionCounter.Builder<T> answers(String source, ToDoubleFunction<RateLimitStats> count) {
        return counter("answers", "Who answered what was asked of buckets in Redis", count)
                .tag("source", source);
    }

    private FunctionCounter.Builder<T> counter(
            String name, String description, ToDoubleFunction<RateLimitStats> count) {
        return FunctionCounter.builder(fullName(name), limiter, measured -> count.applyAsDouble(stats.apply(measured)))
                .description(description);
    }

    private static double degradedSeconds(RateLimitStats stats) {
        return stats.degradedTime().toNanos() / NANOS_PER_SECOND;
    }

    private static String fullName(String name) {
        return "millpond.ratelimit." + name;
    }
}
