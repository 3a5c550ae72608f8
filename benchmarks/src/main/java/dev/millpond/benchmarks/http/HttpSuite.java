package dev.millpond.benchmarks.http;

import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Scenario;
import dev.millpond.benchmarks.measure.Target;
import dev.millpond.benchmarks.peers.Versions;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.startup.Tomcat;
import org.redisson.Redisson;
import org.springframework.boot.SpringApplication;

/** What requests cost with and without Millpond, and what the starter adds to the start of an application. */
public final class HttpSuite implements Suite {

    private static final double MILLIS = 1e6;

    /** What 0.95 of the rate is worth in time: 1 / 0.95. */
    private static final double MOST_CPU = 1.053;

    @Override
    public String name() {
        return "http";
    }

    @Override
    public boolean run(Run run) throws Exception {
        return new Comparison(name(), versions(), scenarios(run.root())).run(run);
    }

    private static String versions() {
        return "Tomcat " + Versions.of(Tomcat.class) + ", Spring Boot " + Versions.of(SpringApplication.class)
                + ", Redisson " + Versions.of(Redisson.class);
    }

    static List<Scenario> scenarios(Path project) {
        return List.of(filter(), example(project), start());
    }

    private static Scenario filter() {
        return new Scenario(
                "filter",
                "servlet that answers 12 bytes, " + LoadedServer.CONNECTIONS + " connections",
                new FilterSampler(),
                List.of(FilterSampler.LIMITED, FilterSampler.ALONE, FilterSampler.WITH_FIELDS),
                List.of(
                        Target.multiple(FilterSampler.LIMITED, Metric.RATE, 0.95, FilterSampler.ALONE),
                        // The client shares the processors, so the rate shows less of the difference.
                        Target.multiple(FilterSampler.LIMITED, Metric.SERVER_CPU, MOST_CPU, FilterSampler.ALONE),
                        Target.added(FilterSampler.LIMITED, Metric.ALLOCATED, 1024, FilterSampler.ALONE)));
    }

    private static Scenario example(Path project) {
        return new Scenario(
                "example",
                "table of a group in the Boot example, " + LoadedServer.CONNECTIONS + " connections",
                new ExampleSampler(project),
                ExampleSampler.ALL,
                List.of());
    }

    private static Scenario start() {
        return new Scenario(
                "start",
                "start of a Boot application until its first answer",
                new StartSampler(),
                StartSampler.ALL,
                List.of(
                        Target.added(StartSampler.STARTER, Metric.START, 250 * MILLIS, StartSampler.BOOT),
                        Target.added(StartSampler.STARTER, Metric.THREADS, 12, StartSampler.BOOT),
                        Target.added(StartSampler.SHARED, Metric.START, 100 * MILLIS, StartSampler.STARTER),
                        Target.added(StartSampler.SILENT, Metric.START, 100 * MILLIS, StartSampler.SHARED)));
    }
}
