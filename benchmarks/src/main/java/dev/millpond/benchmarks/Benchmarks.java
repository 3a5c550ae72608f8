package dev.millpond.benchmarks;

import dev.millpond.benchmarks.batch.BatchSuite;
import dev.millpond.benchmarks.hitrate.HitRateSuite;
import dev.millpond.benchmarks.http.HttpSuite;
import dev.millpond.benchmarks.limits.LimitsSuite;
import dev.millpond.benchmarks.load.LoadSuite;
import dev.millpond.benchmarks.races.RacesSuite;
import dev.millpond.benchmarks.reads.CacheSuite;
import dev.millpond.benchmarks.scaling.ScalingSuite;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line: {@code SUITE [--quick] [--docs]}, run in the directory of the whole project.
 *
 * <p>Exit code 0: Millpond did what it promises; 1: it did not; 2: the command line is wrong.
 */
public final class Benchmarks {

    private static final List<Suite> SINGLE_SUITES = List.of(
            new RacesSuite(),
            new LoadSuite(),
            new BatchSuite(),
            new CacheSuite(),
            new LimitsSuite(),
            new HitRateSuite(),
            new HttpSuite());
    private static final Suite ALL =
            new AllSuite(Stream.concat(SINGLE_SUITES.stream(), Stream.of(new ScalingSuite(true)))
                    .toList());
    private static final List<Suite> SUITES = Stream.concat(
                    SINGLE_SUITES.stream(), Stream.of(new ScalingSuite(false), ALL))
            .toList();
    private static final Set<String> OPTIONS = Set.of("--quick", "--docs");

    private Benchmarks() {}

    /** Runs the suite that the first argument names. */
    public static void main(String[] arguments) throws Exception {
        System.exit(run(List.of(arguments), new PrintStream(System.out, true, StandardCharsets.UTF_8), System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream errors) throws Exception {
        Optional<Suite> suite = SUITES.stream()
                .filter(each -> !arguments.isEmpty() && each.name().equals(arguments.get(0)))
                .findFirst();
        Set<String> options = new LinkedHashSet<>(arguments.subList(Math.min(1, arguments.size()), arguments.size()));
        if (suite.isEmpty() || !OPTIONS.containsAll(options)) {
            errors.println("Arguments " + arguments + ": must be a suite and options. Type: benchmarks/run "
                    + SUITES.stream().map(Suite::name).collect(Collectors.joining("|")) + " [--quick] [--docs]");
            return 2;
        }
        Run run = new Run(options.contains("--quick"), options.contains("--docs"), Path.of(""), out);
        return suite.get().run(run) ? 0 : 1;
    }
}
