package dev.millpond.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A JVM that a suite starts, tells what to do and hears of, line by line; not thread-safe. */
public final class ChildJvm implements AutoCloseable {

    /** The option by which it logs to its errors, whatever else is on the class path; its output is for answers. */
    public static final String LOG_TO_ERRORS = "-Dlogback.configurationFile=logback.xml";

    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    private ChildJvm(Process process) {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, UTF_8);
        this.answers = process.inputReader(UTF_8);
    }

    /** Returns the class path of this process. */
    public static String ownClassPath() {
        return System.getProperty("java.class.path");
    }

    /**
     * Starts it; it ends with its standard input.
     *
     * @param classPath the class path
     * @param command options of the JVM, the name of the main class and its arguments
     * @param environment is added to that of this process
     */
    public static ChildJvm start(String classPath, List<String> command, Map<String, String> environment)
            throws IOException {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(List.of("-cp", classPath));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectError(Redirect.INHERIT);
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /**
     * Starts one with the class path of this process and little memory.
     *
     * @param redisUrl the Redis that the testkit gives to it
     * @param main the class that it runs
     */
    public static ChildJvm ofRedis(String redisUrl, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-Xmx256m", LOG_TO_ERRORS));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return start(ownClassPath(), command, Map.of("MILLPOND_TEST_REDIS", redisUrl));
    }

    /** Gives an order to several at once; returns their answers, in the same order. */
    public static List<String> askAll(List<ChildJvm> processes, String order) throws IOException {
        processes.forEach(process -> process.send(order));
        List<String> answers = new ArrayList<>();
        for (ChildJvm process : processes) {
            answers.add(process.answer());
        }
        return answers;
    }

    /** Gives it an order. */
    public void send(String order) {
        orders.println(order);
    }

    /**
     * Returns the next line that it says.
     *
     * @throws IOException if the process has ended, or said nothing for 3 minutes, after which it is ended
     */
    public String answer() throws IOException {
        return answer(ANSWER_LIMIT);
    }

    /** Reads in the thread that calls, since another one would be late where an answer is timed. */
    String answer(Duration limit) throws IOException {
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
        String line = null;
        try {
            line = answers.readLine();
        } finally {
            end.cancel(false);
        }
        if (line == null) {
            throw new IOException("Process " + process.pid() + " ended early, or was ended since it had no answer for "
                    + limit.toSeconds() + " s. Its error is above.");
        }
        return line;
    }

    /** Returns the processor time that it has used so far, in nanoseconds. */
    public double cpuNanos() {
        return ChildProcess.cpuNanos(process);
    }

    @Override
    public void close() {
        orders.close();
        ChildProcess.awaitEnd(process);
    }
}
