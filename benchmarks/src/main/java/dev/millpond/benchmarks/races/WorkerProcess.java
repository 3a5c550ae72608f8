package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link StampedeWorker} in a JVM of its own; not thread-safe. */
final class WorkerProcess implements AutoCloseable {

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    private WorkerProcess(Process process) {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a process with the class path of this one. */
    static WorkerProcess start(String redisUrl, int callers, long loadMillis) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dlogback.configurationFile=logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StampedeWorker.class.getName(),
                        Integer.toString(callers),
                        Long.toString(loadMillis)))
                .redirectError(Redirect.INHERIT);
        builder.environment().put("MILLPOND_TEST_REDIS", redisUrl);
        return new WorkerProcess(builder.start());
    }

    void send(String order) {
        orders.println(order);
    }

    /**
     * Returns the answer to an order.
     *
     * @throws IOException if the process has ended
     */
    String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Process " + process.pid() + " of the stampede ended early. Its error is above.");
        }
        return line;
    }

    @Override
    public void close() {
        orders.close();
        ChildProcess.awaitEnd(process);
    }
}
