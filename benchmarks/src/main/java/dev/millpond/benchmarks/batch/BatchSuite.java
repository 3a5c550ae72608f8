package dev.millpond.benchmarks.batch;

import dev.millpond.benchmarks.Environment;
import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Batches of a million keys in a process whose heap could not hold them. */
public final class BatchSuite implements Suite {

    private static final int KEYS = 1_000_000;
    private static final int QUICK_KEYS = 100_000;
    private static final int HEAP_MEBIBYTES = 64;

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public boolean run(Run run) throws Exception {
        RedisServer redis = run.redis();
        redis.flush();
        List<BatchStep> steps = steps(redis.url(), run.quick() ? QUICK_KEYS : KEYS);
        BatchReport report = new BatchReport(Environment.of(redis), HEAP_MEBIBYTES, steps);
        run.writeResults(run.quick() ? "batch-quick" : "batch", report);
        run.out().println(report.markdown());
        run.out().println(report.verdict());
        return report.good();
    }

    /** Has a process of its own do all batches, with the class path of this one. */
    private static List<BatchStep> steps(String redisUrl, int keys) throws IOException, InterruptedException {
        Path results = Files.createTempFile("millpond-batch", ".tsv");
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + HEAP_MEBIBYTES + "m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BatchProcess.class.getName(),
                            Integer.toString(keys),
                            results.toString())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.INHERIT);
            builder.environment().put("MILLPOND_TEST_REDIS", redisUrl);
            int exit = end(builder.start());
            if (exit != 0) {
                throw new IllegalStateException("The process of the batches ended with " + exit
                        + ". Its error is above; the batches before: " + Files.readString(results));
            }
            return Files.readAllLines(results).stream().map(BatchStep::of).toList();
        } finally {
            Files.delete(results);
        }
    }

    private static int end(Process process) throws InterruptedException {
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }
}
