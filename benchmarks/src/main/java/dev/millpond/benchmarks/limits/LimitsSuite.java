package dev.millpond.benchmarks.limits;

import static dev.millpond.benchmarks.limits.LimitPeers.BUCKET4J_LETTUCE;
import static dev.millpond.benchmarks.limits.LimitPeers.BUCKET4J_LOCAL;
import static dev.millpond.benchmarks.limits.LimitPeers.BUCKET4J_REDISSON;
import static dev.millpond.benchmarks.limits.LimitPeers.BUCKET4J_REDISSON_BATCHING;
import static dev.millpond.benchmarks.limits.LimitPeers.MILLPOND;
import static dev.millpond.benchmarks.limits.LimitPeers.MILLPOND_LOCAL;
import static dev.millpond.benchmarks.limits.LimitPeers.RATE_LIMITER;
import static dev.millpond.benchmarks.limits.LimitPeers.RESILIENCE4J;
import static dev.millpond.benchmarks.limits.LimitPeers.SCRIPT_LETTUCE;
import static dev.millpond.benchmarks.limits.LimitPeers.SCRIPT_REDISSON;
import static dev.millpond.benchmarks.limits.LimitPeers.SHARED;

import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Load;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Scenario;
import dev.millpond.benchmarks.measure.Target;
import dev.millpond.benchmarks.peers.Versions;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.Map;
import org.redisson.Redisson;

/** What decisions of rate limits cost; all peers have the same limits, which are exact. */
public final class LimitsSuite implements Suite {

    private static final String ONE_KEY = "1";
    private static final String MANY_KEYS = "10000";
    private static final String ALLOWANCE = "allowance";
    private static final double MICROS = 1e3;

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public boolean run(Run run) throws Exception {
        return new Comparison(name(), versions(), scenarios()).run(run);
    }

    private static String versions() {
        return "Bucket4j " + Versions.of(Bucket.class) + ", Redisson " + Versions.of(Redisson.class) + ", Lettuce "
                + Versions.of(RedisClient.class) + ", Resilience4j " + Versions.of(RateLimiterRegistry.class);
    }

    static List<Scenario> scenarios() {
        return List.of(
                hotKey(),
                manyKeys(),
                oneThread(),
                flood(),
                local("local-hot", "decision without Redis, one key, 1 thread", ONE_KEY),
                local("local-keys", "decision without Redis, 10 000 keys, 1 thread", MANY_KEYS),
                memory());
    }

    private static Scenario hotKey() {
        return new Scenario(
                "hot-key",
                "decisions on one key, 32 threads",
                admitted(32, ONE_KEY),
                SHARED,
                List.of(
                        Target.multiple(MILLPOND, Metric.RATE, 50, BUCKET4J_REDISSON),
                        Target.multiple(MILLPOND, Metric.RATE, 2, BUCKET4J_REDISSON_BATCHING),
                        Target.multiple(MILLPOND, Metric.P99, 0.5, BUCKET4J_REDISSON_BATCHING),
                        Target.number(MILLPOND, Metric.COMMANDS, 0.1)));
    }

    private static Scenario manyKeys() {
        return new Scenario(
                "many-keys",
                "decisions on 10 000 keys, 8 threads",
                admitted(8, MANY_KEYS),
                SHARED,
                List.of(
                        Target.multiple(MILLPOND, Metric.RATE, 2.5, BUCKET4J_REDISSON),
                        Target.multiple(MILLPOND, Metric.RATE, 1.0, SCRIPT_LETTUCE),
                        Target.number(MILLPOND, Metric.CLIENT_CPU, 26 * MICROS),
                        Target.number(MILLPOND, Metric.REDIS_CPU, 16 * MICROS)));
    }

    private static Scenario oneThread() {
        return new Scenario(
                "one-thread",
                "decision on one of 10 000 keys, 1 thread",
                admitted(1, MANY_KEYS),
                SHARED,
                List.of(Target.multiple(MILLPOND, Metric.P50, 1.1, SCRIPT_REDISSON)));
    }

    private static Scenario flood() {
        return new Scenario(
                "flood",
                "denial on a key that is used up, 1 thread",
                new Load(Decisions.class, "decide", 1, false, Map.of("keys", ONE_KEY, ALLOWANCE, "next-to-nothing")),
                SHARED,
                List.of(Target.number(MILLPOND, Metric.TIME, 300), Target.number(MILLPOND, Metric.COMMANDS, 0)));
    }

    private static Scenario local(String name, String title, String keys) {
        return new Scenario(
                name,
                title,
                new Load(Decisions.class, "decide", 1, false, Map.of("keys", keys, ALLOWANCE, "local-plenty")),
                List.of(MILLPOND_LOCAL, BUCKET4J_LOCAL, RESILIENCE4J),
                List.of(Target.multiple(MILLPOND_LOCAL, Metric.TIME, 1.2, BUCKET4J_LOCAL)));
    }

    private static Scenario memory() {
        return new Scenario(
                "memory",
                "memory of Redis for one limit",
                new RedisMemory(),
                List.of(MILLPOND, BUCKET4J_REDISSON, BUCKET4J_LETTUCE, RATE_LIMITER, SCRIPT_LETTUCE),
                List.of(Target.number(MILLPOND, Metric.MEMORY, 200), Target.number(MILLPOND, Metric.UNENDING, 0)));
    }

    private static Load admitted(int threads, String keys) {
        return new Load(Decisions.class, "decide", threads, true, Map.of("keys", keys, ALLOWANCE, "plenty"));
    }
}
