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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

/** Two instances of the Boot example behind one Redis, asked for more than each tier allows. */
public final class LoadSuite implements Suite {

    private static final Duration TIME = Duration.ofMinutes(2);
    private static final Duration WARM_UP = Duration.ofMinutes(1);
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

    /** Percentiles are of the last half minute, when the tokens that all tiers began with are used up. */
    private static Map<String, String> settings(String redisUrl) {
        String decisions = "MILLPOND_RATELIMIT_DECISION_DURATION";
        Map<String, String> settings = new HashMap<>(WarmUp.SETTINGS);
        settings.put("MILLPOND_REDIS_URL", redisUrl);
        settings.put("MANAGEMENT_METRICS_DISTRIBUTION_PERCENTILES_" + decisions, "0.5,0.99");
        settings.put("MANAGEMENT_METRICS_DISTRIBUTION_EXPIRY_" + decisions, "30s");
        return settings;
    }

    private static LoadReport load(Run run, RedisServer redis, HttpClient http, List<ExampleInstance> instances)
            throws Exception {
        Duration time = run.quick() ? QUICK_TIME : TIME;
        List<URI> resources = instances.stream()
                .map(instance -> instance.resource("standings/A"))
                .toList();
        new WarmUp(http, resources).run(WARM_UP);
        List<InstanceMeters> before = each(instances, InstanceMeters::of);
        List<TierOutcome> tiers = load(http, resources, time);
        List<InstanceMeters> after = each(instances, InstanceMeters::of);
        List<InstanceMeters> between = IntStream.range(0, after.size())
                .mapToObj(i -> after.get(i).since(before.get(i)))
                .toList();
        return new LoadReport(Environment.of(redis), time, tiers, between, each(instances, DecisionTimes::of));
    }

    private static <T> List<T> each(List<ExampleInstance> instances, Question<T> question)
            throws IOException, InterruptedException {
        List<T> answers = new ArrayList<>();
        for (ExampleInstance instance : instances) {
            answers.add(question.ask(instance));
        }
        return answers;
    }

    /** All tiers at once. */
    private static List<TierOutcome> load(HttpClient http, List<URI> resources, Duration time) {
        ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
        try {
            List<CompletableFuture<TierOutcome>> loads = LoadedTier.ALL.stream()
                    .map(tier -> new TierLoad(tier, http, resources).run(pacer, tier.pauseThatOverloads(time), time))
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

    /** Asks an instance something. */
    private interface Question<T> {

        T ask(ExampleInstance instance) throws IOException, InterruptedException;
    }
}
