package dev.millpond.benchmarks.http;

import dev.millpond.benchmarks.load.ExampleInstance;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads the Boot example, whose source is a database in the memory of the same process.
 *
 * @param project the directory of the whole project, in which the example was built
 */
record ExampleSampler(Path project) implements Sampler {

    static final String SHARED = "Millpond with Redis";
    static final String MILLPOND = "Millpond without Redis";
    static final String UNLIMITED = "Millpond without limits";
    static final String DENIED = "Millpond, denied";
    static final String OFF = "Millpond switched off";

    /** All uses of the example, in the order of the table. */
    static final List<String> ALL = List.of(SHARED, MILLPOND, UNLIMITED, DENIED, OFF);

    /**
     * With Spring there is much to compile: after one warm-up of 20 s a quarter of the processor time was still the
     * compilers', and nearly twice as much was spent on each request; after three it was a hundredth.
     */
    private static final int FURTHER_WARM_UPS = 2;

    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final String PLENTY = "demo-enterprise";
    private static final String LITTLE = "demo-free";

    private static final Map<String, Use> USES = Map.of(
            SHARED, new Use(Map.of(), PLENTY, OK),
            MILLPOND, new Use(Map.of("MILLPOND_REDIS_URL", ""), PLENTY, OK),
            UNLIMITED, new Use(Map.of("MILLPOND_REDIS_URL", "", "MILLPOND_RATELIMIT_ENABLED", "false"), PLENTY, OK),
            DENIED, new Use(Map.of("MILLPOND_REDIS_URL", ""), LITTLE, TOO_MANY_REQUESTS),
            OFF, new Use(Map.of("MILLPOND_ENABLED", "false"), PLENTY, OK));

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        Use use = Names.find(USES, peer);
        ApiRequest request = new ApiRequest("/standings/A", use.key());
        try (ExampleInstance example = ExampleInstance.start(
                        project, use.settings(bench.redis().url()), HttpClient.newHttpClient());
                ClosedLoop loop = ClosedLoop.open(example.port(), request, LoadedServer.CONNECTIONS, use.status())) {
            loop.run(bench.pace().warmUp().multipliedBy(FURTHER_WARM_UPS));
            return LoadedServer.sample(
                    loop, bench.pace(), () -> used(example, bench.redis().url()));
        }
    }

    private static Sample used(ExampleInstance example, String redisUrl) throws Exception {
        return Sample.of(Metric.SERVER_CPU, example.cpuNanos())
                .with(Metric.REDIS_CPU, new RedisProbe(redisUrl).cpuNanos())
                .with(Metric.STRAYS, example.decisionsWithoutRedis());
    }

    /**
     * How the example is used.
     *
     * @param own settings that others do not have
     * @param key the API key of the client
     * @param status what it is answered
     */
    private record Use(Map<String, String> own, String key, int status) {

        Map<String, String> settings(String redisUrl) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "MILLPOND_REDIS_URL", redisUrl,
                    "MILLPOND_RATELIMIT_TIERS_ENTERPRISE_LIMIT", "1000000000",
                    // Else every hundredth request of a connection closes it.
                    "SERVER_TOMCAT_MAXKEEPALIVEREQUESTS", "-1"));
            settings.putAll(own);
            return settings;
        }
    }
}
