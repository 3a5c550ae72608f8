package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A redis-server process on 127.0.0.1, which keeps no keys on disk. */
final class ProcessEngine implements Engine, AutoCloseable {

    private final Path binary;
    private final Path directory;
    private final int port;
    private final Supplier<List<String>> options;
    private volatile @Nullable Process process;

    /**
     * Creates the engine of a server on its own, without starting a process.
     *
     * @param directory the working directory of the server, deleted with it
     */
    ProcessEngine(Path binary, Path directory) {
        this(binary, directory, Loopback.freePort(), List::of);
    }

    /**
     * Creates the engine without starting a process.
     *
     * @param directory the working directory of the server, deleted with it
     * @param options what the server's command line begins with, asked for at each start
     */
    ProcessEngine(Path binary, Path directory, int port, Supplier<List<String>> options) {
        this.binary = binary;
        this.directory = directory;
        this.port = port;
        this.options = options;
    }

    /** Has the JVM run an action when it ends. */
    static void atEndOfJvm(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new DaemonThreads("millpond-redis-shutdown").newThread(action));
    }

    @Override
    public String host() {
        return Loopback.HOST;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(options.get());
        command.addAll(List.of(
                "--port",
                Integer.toString(port),
                "--bind",
                Loopback.HOST,
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString()));
        process = execute(command);
    }

    @Override
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    @Override
    public void freeze() {
        signal("STOP");
    }

    @Override
    public void thaw() {
        signal("CONT");
    }

    @Override
    public boolean alive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    @Override
    public String output() {
        try {
            return Files.readString(log()).strip();
        } catch (IOException e) {
            return "no output";
        }
    }

    @Override
    public void close() {
        kill();
        TempDirectory.delete(directory);
    }

    @Override
    public String toString() {
        return "process " + binary;
    }

    private void signal(String name) {
        Process running = process;
        if (running != null) {
            // The shell's own kill: a minimal container image has no kill program.
            await(execute(List.of("sh", "-c", "kill -" + name + " " + running.pid())));
        }
    }

    private Process execute(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + command.get(0) + "' could not be run: " + e.getMessage(), e);
        }
    }

    private Path log() {
        return directory.resolve("output.log");
    }

    private static void await(Process ending) {
        try {
            if (!ending.waitFor(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Process " + ending.pid() + " did not end within 5 s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while process " + ending.pid() + " ended.", e);
        }
    }
}
