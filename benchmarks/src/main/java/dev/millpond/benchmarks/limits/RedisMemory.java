package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.testkit.RedisServer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How much memory of Redis the limit of one more client takes that has used most of it. */
final class RedisMemory implements Sampler {

    private static final int CLIENTS = 500;
    private static final int REQUESTS = 10;

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        RedisServer redis = bench.redis();
        redis.flush();
        List<String> names = Decisions.names(CLIENTS + 1);
        try (Machine machine = new Machine(redis.url())) {
            // One client first, for what all have together.
            use(LimitPeers.open(peer, machine, Allowance.FREE, names.subList(CLIENTS, CLIENTS + 1)), 1);
            double before = bytes(redis);
            int keysBefore = keys(redis).size();
            Limits limits = LimitPeers.open(peer, machine, Allowance.FREE, names.subList(0, CLIENTS));
            use(limits, CLIENTS);
            int more = keys(redis).size() - keysBefore;
            if (more < CLIENTS) {
                throw new IllegalStateException("Redis has " + more + " more keys for " + CLIENTS + " clients of '"
                        + peer + "'. Measure again on a machine with less other work.");
            }
            return Sample.of(Metric.MEMORY, (bytes(redis) - before) / CLIENTS)
                    .with(Metric.UNENDING, unending(redis))
                    .with(Metric.STRAYS, (double) limits.strays() / (CLIENTS * REQUESTS));
        }
    }

    private static void use(Limits limits, int clients) {
        for (int request = 0; request < REQUESTS; request++) {
            for (int client = 0; client < clients; client++) {
                limits.tryAcquire(client);
            }
        }
    }

    private static double bytes(RedisServer redis) {
        return keys(redis).stream()
                .mapToLong(key -> number(redis.command("MEMORY", "USAGE", key, "SAMPLES", "0")))
                .sum();
    }

    /** Counts keys that never expire. */
    private static double unending(RedisServer redis) {
        return keys(redis).stream()
                .filter(key -> number(redis.command("PTTL", key)) == -1)
                .count();
    }

    /** Few enough to ask for all of them. */
    private static List<String> keys(RedisServer redis) {
        return ((List<?>) Objects.requireNonNull(redis.command("KEYS", "*")))
                .stream().map(String::valueOf).toList();
    }

    private static long number(@Nullable Object answer) {
        return Long.parseLong(String.valueOf(answer));
    }
}
