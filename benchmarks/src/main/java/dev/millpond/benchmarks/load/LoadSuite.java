package dev.millpond.benchmarks.load;

import dev.millpond.benchmarks.Environment;
import dev.millpond.benchmarks.MarkedTable;
import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Two instances of the Boot example behind one Redis, asked for more than each tier allows. */
public final class LoadSuite implements Suite {

    private static final Duration TIME = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration QUICK_TIME = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "load";
    }

    @Override
    public boolean run(Run run) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        RedisServer redis = run.redis();
        redis.flush();
        Map<String, String> settings = settings(redis.url());
        try (ExampleInstance one = ExampleInstance.start(run.root(), settings, http);
                ExampleInstance two = ExampleInstance.start(run.root(), settings, http)) {
            LoadReport report = load(run, redis, http, List.of(one, two));
            report(run, report);
            return report.good();
        }
    }

    /** Percentiles are of the last half minute, in which a fresh process has become quick. */
    private static Map<String, String> settings(String redisUrl) {
        String decisions = "MILLPOND_RATELIMIT_DECISION_DURATION";
        return Map.of(
                "MILLPOND_REDIS_URL",
                redisUrl,
                "MANAGEMENT_METRICS_DISTRIBUTION_PERCENTILES_" + decisions,
                "0.5,0.99",
                "MANAGEMENT_METRICS_DISTRIBUTION_EXPIRY_" + decisions,
                "30s");
    }

    private static LoadReport load(Run run, RedisServer redis, HttpClient http, List<ExampleInstance> instances)
            throws IOException, InterruptedException {
        Duration time = run.quick() ? QUICK_TIME : TIME;
        List<URI> resources = instances.stream()
                .map(instance -> instance.resource("standings/A"))
                .toList();
        LoadedTier largest = LoadedTier.ALL.get(LoadedTier.ALL.size() - 1);
        load(http, resources, List.of(largest), WARM_UP, LoadedTier::pauseThatIsNeverDenied);
        long scriptsBefore = RedisCalls.of(redis).scripts();
        List<InstanceMeters> before = meters(instances);
        List<TierOutcome> tiers = load(http, resources, LoadedTier.ALL, time, tier -> tier.pauseThatOverloads(time));
        long scripts = RedisCalls.of(redis).scripts() - scriptsBefore;
        List<InstanceMeters> after = meters(instances);
        List<InstanceMeters> between = IntStream.range(0, after.size())
                .mapToObj(i -> after.get(i).since(before.get(i)))
                .toList();
        return new LoadReport(Environment.of(redis), time, tiers, between, scripts);
    }

    private static List<InstanceMeters> meters(List<ExampleInstance> instances)
            throws IOException, InterruptedException {
        List<InstanceMeters> meters = new ArrayList<>();
        for (ExampleInstance instance : instances) {
            meters.add(InstanceMeters.of(instance));
        }
        return meters;
    }

    /** Several tiers at once. */
    private static List<TierOutcome> load(
            HttpClient http,
            List<URI> resources,
            List<LoadedTier> tiers,
            Duration time,
            Function<LoadedTier, Duration> pause) {
        ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
        try {
            List<CompletableFuture<TierOutcome>> loads = tiers.stream()
                    .map(tier -> new TierLoad(tier, http, resources).run(pacer, pause.apply(tier), time))
                    .toList();
            return loads.stream().map(CompletableFuture::join).toList();
        } finally {
            pacer.shutdownNow();
        }
    }

    private static void report(Run run, LoadReport report) throws IOException {
        run.writeResults(run.quick() ? "load-quick" : "load", report);
        if (run.fullDocs()) {
            new MarkedTable(run.root(), "rate-limits.md", "load").write(report.markdown());
        }
        run.out().println(report.markdown());
        run.out().println(report.verdict());
    }
}
