package dev.millpond.benchmarks.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.benchmarks.Environment;
import dev.millpond.benchmarks.MarkedTable;
import dev.millpond.benchmarks.Run;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A number of scenarios, measured and reported together.
 *
 * @param name of the suite
 * @param page of the documentation that shows its tables
 * @param versions of what is compared, for readers
 * @param processes how many of each at the most
 * @param scenarios what is compared
 * @param tables writes what was measured
 */
public record Comparison(
        String name,
        String page,
        String versions,
        int processes,
        List<Scenario> scenarios,
        Function<List<Measured>, String> tables) {

    /** The environment variable by which a run only tries whether everything works; what it shows are no figures. */
    static final String SMOKE = "BENCHMARKS_SMOKE";

    /** The environment variable that has names of scenarios, with commas between, if not all of a suite are wanted. */
    static final String ONLY = "BENCHMARKS_ONLY";

    /** Keeps a copy. */
    public Comparison {
        scenarios = List.copyOf(scenarios);
    }

    /** Creates a comparison of libraries. */
    public Comparison(String name, String versions, List<Scenario> scenarios) {
        this(name, "benchmarks.md", versions, Pace.FULL.forks(), scenarios, ComparisonTable::of);
    }

    /**
     * Measures and prints; goes on with the next scenario when a sample of one fails.
     *
     * @return whether all was measured, and all targets are met
     */
    public boolean run(Run run) throws Exception {
        Pace pace = Pace.of(run.quick(), smoke()).withAtMost(processes);
        RedisServer redis = run.redis();
        List<Measured> measured = new ArrayList<>();
        try (PrintStream log = log(run)) {
            Bench bench = new Bench(redis, pace, log);
            for (Scenario scenario : chosen(System.getenv().getOrDefault(ONLY, ""))) {
                measured.add(bench.measure(scenario));
            }
        }
        return report(
                run,
                measured,
                new ComparisonReport(Environment.of(redis), versions, pace, samples(measured), verdicts(measured)));
    }

    /** Tells whether this run is only to try whether everything works. */
    public static boolean smoke() {
        return System.getenv(SMOKE) != null;
    }

    /** Returns the end of the name of the file that results of such a run are written to. */
    public static String suffix(Run run) {
        return Pace.of(run.quick(), smoke()).suffix();
    }

    /** Returns the scenarios of these names; all if there is none. */
    List<Scenario> chosen(String names) {
        if (names.isEmpty()) {
            return scenarios;
        }
        List<String> wanted = Stream.of(names.split(",", -1)).distinct().toList();
        List<Scenario> chosen = scenarios.stream()
                .filter(scenario -> wanted.contains(scenario.name()))
                .toList();
        if (chosen.size() < wanted.size()) {
            throw new IllegalArgumentException(ONLY + " is '" + names + "', must name scenarios of '" + name + "': "
                    + scenarios.stream().map(Scenario::name).collect(Collectors.joining(", ")) + ".");
        }
        return chosen;
    }

    private PrintStream log(Run run) throws IOException {
        Path directory =
                Files.createDirectories(run.root().resolve("benchmarks").resolve("results"));
        return new PrintStream(Files.newOutputStream(directory.resolve(name + ".log")), true, UTF_8);
    }

    private boolean report(Run run, List<Measured> measured, ComparisonReport report) throws IOException {
        String text = tables.apply(measured) + '\n' + TargetTable.of(report.verdicts()) + '\n' + report.text();
        boolean whole = measured.size() == scenarios.size();
        run.writeResults(name + (whole ? "" : "-part") + report.pace().suffix(), report);
        List<Measured> failed =
                measured.stream().filter(each -> each.failure().isPresent()).toList();
        if (run.docs() && report.pace().forFigures() && whole && failed.isEmpty()) {
            new MarkedTable(run.root(), page, name).write(text);
        }
        run.out().println(text);
        failed.forEach(each -> run.out()
                .println(each.scenario().name() + " not measured: "
                        + each.failure().orElseThrow()));
        run.out().println(report.verdict());
        return report.good() && failed.isEmpty();
    }

    private static Map<String, Map<String, List<Sample>>> samples(List<Measured> all) {
        Map<String, Map<String, List<Sample>>> samples = new LinkedHashMap<>();
        all.forEach(measured -> samples.put(measured.scenario().name(), measured.samples()));
        return samples;
    }

    private static List<Verdict> verdicts(List<Measured> all) {
        return all.stream().flatMap(measured -> measured.verdicts().stream()).toList();
    }
}
