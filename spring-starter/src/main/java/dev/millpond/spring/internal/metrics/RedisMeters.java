package dev.millpond.spring.internal.metrics;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.RedisStats;
import dev.millpond.runtime.RedisStats.Calls;
import dev.millpond.runtime.RedisStats.Pool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** The meters of what this process has seen of its Redis. */
public final class RedisMeters implements MeterBinder {

    private final RedisConnection redis;

    /** Creates it; the connection stays open. */
    public RedisMeters(RedisConnection redis) {
        this.redis = redis;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        new Binding(registry).bind();
    }

    private final class Binding {

        private final MeterRegistry registry;

        Binding(MeterRegistry registry) {
            this.registry = registry;
        }

        void bind() {
            gauge("available", Tags.empty(), "1 if calls are let through, else 0", stats -> stats.available() ? 1 : 0);
            count("losses", Tags.empty(), "Times that Redis went away or became slow", RedisStats::losses);
            bindCalls();
            bindPool();
        }

        private void bindCalls() {
            calls("answered", Calls::answered);
            calls("failed", Calls::failed);
            calls("refused", Calls::refused);
            calls("rejected", Calls::rejected);
            count(
                    "calls.slow",
                    Tags.empty(),
                    "Calls that took 100 ms or more",
                    stats -> stats.calls().slow());
            count(
                    "calls.grouped",
                    Tags.empty(),
                    "Calls that went to Redis together with others",
                    stats -> stats.calls().grouped());
            callsNow("waiting", Calls::waiting);
            callsNow("queued", Calls::queued);
            callsNow("async", Calls::async);
        }

        private void calls(String result, ToLongFunction<Calls> number) {
            count(
                    "calls",
                    Tags.of("result", result),
                    "Calls by how they ended",
                    stats -> number.applyAsLong(stats.calls()));
        }

        private void callsNow(String state, ToIntFunction<Calls> number) {
            gauge(
                    "calls.active",
                    Tags.of("state", state),
                    "Calls that have not ended",
                    stats -> number.applyAsInt(stats.calls()));
        }

        private void bindPool() {
            connections("active", Pool::active);
            connections("idle", Pool::idle);
            pool("max", Tags.empty(), "Connections that there may be", Pool::maximum);
            pool("waiting", Tags.empty(), "Commands that wait for a connection", Pool::waiting);
            pool("utilization", Tags.empty(), "Part of the allowed connections that is active", Pool::utilization);
        }

        private void connections(String state, ToDoubleFunction<Pool> number) {
            pool("connections", Tags.of("state", state), "Connections by what they do", number);
        }

        private void pool(String name, Tags tags, String description, ToDoubleFunction<Pool> value) {
            gauge(
                    "pool." + name,
                    tags,
                    description,
                    stats -> stats.pool().map(value::applyAsDouble).orElse(Double.NaN));
        }

        private void gauge(String name, Tags tags, String description, ToDoubleFunction<RedisStats> value) {
            Gauge.builder(fullName(name), redis, measured -> value.applyAsDouble(measured.stats()))
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        private void count(String name, Tags tags, String description, ToDoubleFunction<RedisStats> value) {
            FunctionCounter.builder(fullName(name), redis, measured -> value.applyAsDouble(measured.stats()))
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }
    }

    private static String fullName(String name) {
        return "millpond.redis." + name;
    }
}
