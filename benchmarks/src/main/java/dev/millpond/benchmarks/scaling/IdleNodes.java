package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Redis has to do for nodes that do nothing, for each of them in a second.
 *
 * @param nodes how many there are
 */
record IdleNodes(int nodes) implements Sampler {

    private static final String NAMESPACE = "scaling";
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(4);
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration SMOKE_TIME = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        EmptyRedis.of(bench.redis());
        RedisProbe redis = new RedisProbe(bench.redis().url());
        List<Machine> machines = new ArrayList<>();
        try {
            long connections = redis.connections();
            for (int i = 0; i < nodes; i++) {
                Machine machine = new Machine(bench.redis().url());
                machines.add(machine);
                open(machine);
            }
            rest(Comparison.smoke() ? SMOKE_TIME : SETTLED);
            double share = redis.shareOfClients(Comparison.smoke() ? SMOKE_TIME : LOOK);
            Duration time = Comparison.smoke() ? SMOKE_TIME : TIME;
            return Traffic.during(redis, share, nodes * (double) time.toSeconds(), () -> rest(time))
                    .with(Metric.CONNECTIONS, (double) (redis.connections() - connections) / nodes);
        } finally {
            machines.forEach(Machine::close);
        }
    }

    /** A node with all that Millpond has: caches, limits, switches, and a job. */
    private static void open(Machine machine) throws Exception {
        RedisConnection connection = MillpondRegistries.connection(machine);
        Switches switches =
                Switches.builder().redis(connection).namespace(NAMESPACE).build();
        machine.own(switches::close);
        MillpondRegistries.open(machine, NAMESPACE, CacheRegistry.builder().switches(switches));
        RateLimiter limiter = RateLimiter.builder()
                .redis(connection)
                .namespace(NAMESPACE)
                .switches(switches)
                .secret("secret-of-the-benchmarks")
                .build();
        machine.own(limiter::close);
        Jobs jobs = Jobs.builder()
                .redis(connection)
                .namespace(NAMESPACE)
                .switches(switches)
                .job(Job.of("nothing", run -> Map.of()).every(PERIOD))
                .build();
        machine.own(jobs::close);
        jobs.start();
    }

    private static void rest(Duration time) throws Exception {
        Await.until(time, () -> false);
    }
}
