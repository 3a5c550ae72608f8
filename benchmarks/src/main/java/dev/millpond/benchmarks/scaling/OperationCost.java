package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * What one operation after the other asks of Redis. What nodes do by themselves meanwhile is in it.
 *
 * @param operation which one
 */
record OperationCost(Operation operation) implements Sampler {

    private static final int TIMES = 5_000;

    /** Operations get no higher numbers: those to warm up, those while Redis is watched, those that are measured. */
    static final int NUMBERS = 3 * TIMES;

    private static final int SMOKE_TIMES = 200;
    private static final Duration LOOK = Duration.ofMillis(500);

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        EmptyRedis.of(bench.redis());
        RedisProbe redis = new RedisProbe(bench.redis().url());
        int times = Comparison.smoke() ? SMOKE_TIMES : TIMES;
        try (Machine machine = new Machine(bench.redis().url())) {
            IntConsumer each = operation.open(machine);
            double share = warmUp(redis, each, times);
            return Traffic.during(redis, share, times, () -> run(each, 2 * times, times));
        }
    }

    /** Watches meanwhile which part of all calls clients make. */
    private static double warmUp(RedisProbe redis, IntConsumer each, int times) {
        run(each, 0, times);
        CompletableFuture<Double> share = CompletableFuture.supplyAsync(() -> share(redis));
        for (int number = times; !share.isDone(); number++) {
            each.accept(Math.min(number, 2 * times - 1));
        }
        return share.join();
    }

    private static double share(RedisProbe redis) {
        try {
            return redis.shareOfClients(LOOK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(IntConsumer each, int from, int times) {
        for (int number = from; number < from + times; number++) {
            each.accept(number);
        }
    }
}
