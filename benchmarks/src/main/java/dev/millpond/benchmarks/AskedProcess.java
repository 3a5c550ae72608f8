package dev.millpond.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM that answers each line of its input with one line, and ends with its input; not thread-safe. */
public final class AskedProcess implements AutoCloseable {

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    private AskedProcess(Process process) {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a process with the class path of this one.
     *
     * @param redisUrl the Redis that the testkit gives to it
     * @param main the class that it runs
     */
    public static AskedProcess start(String redisUrl, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().put("MILLPOND_TEST_REDIS", redisUrl);
        return new AskedProcess(builder.start());
    }

    /** Gives an order to several processes at once; returns their answers, in the same order. */
    public static List<String> askAll(List<AskedProcess> processes, String order) throws IOException {
        processes.forEach(process -> process.send(order));
        List<String> answers = new ArrayList<>();
        for (AskedProcess process : processes) {
            answers.add(process.answer());
        }
        return answers;
    }

    /** Gives an order, without waiting for the answer. */
    public void send(String order) {
        orders.println(order);
    }

    /**
     * Returns the answer to an order.
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

    @Override
    public void close() {
        orders.close();
        ChildProcess.awaitEnd(process);
    }
}
