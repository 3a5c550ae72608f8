package dev.millpond.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM that a suite starts, tells what to do and hears of, line by line; not thread-safe. */
public final class ChildJvm implements AutoCloseable {

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
        List<String> command = new ArrayList<>(List.of("-Xmx256m", "-Dlogback.configurationFile=logback.xml"));
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
     * @throws IOException if the process has ended
     */
    public String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Process " + process.pid() + " ended early. Its error is above.");
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
