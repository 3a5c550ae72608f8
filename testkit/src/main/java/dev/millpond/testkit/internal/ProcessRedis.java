package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A redis-server process of our own, which keeps nothing on disk and ends with this JVM. */
final class ProcessRedis implements RedisServer, AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Path binary;
    private final Path directory;
    private final int port = Loopback.freePort();
    private final RespClient client = new RespClient(Loopback.HOST, port);
    private @Nullable Process process;
    private boolean paused;

    private ProcessRedis(Path binary, Path directory) {
        this.binary = binary;
        this.directory = directory;
    }

    /**
     * Starts a server.
     *
     * @param directory its working directory, deleted with it
     */
    static ProcessRedis launch(Path binary, Path directory) {
        ProcessRedis redis = new ProcessRedis(binary, directory);
        Runtime.getRuntime().addShutdownHook(new DaemonThreads("millpond-redis-shutdown").newThread(redis::close));
        redis.start();
        return redis;
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
    public String url() {
        return "redis://" + Loopback.HOST + ":" + port;
    }

    @Override
    public boolean controllable() {
        return true;
    }

    @Override
    public synchronized void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        Process started = execute(List.of(
                binary.toString(),
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
        process = started;
        paused = false;
        boolean answers = Poll.until(START_LIMIT, () -> !started.isAlive() || client.answers());
        if (!answers || !started.isAlive()) {
            stop();
            throw new IllegalStateException(binary + " did not answer on port " + port + " within "
                    + START_LIMIT.toSeconds() + " s: " + output());
        }
    }

    @Override
    public synchronized void stop() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        await(process);
        process = null;
        paused = false;
    }

    @Override
    public synchronized void pause() {
        if (process == null) {
            throw new IllegalStateException(
                    "Redis at " + url() + " does not run, so it cannot be paused. Start it first.");
        }
        signal("STOP", process);
        paused = true;
    }

    @Override
    public synchronized void resume() {
        if (process != null && paused) {
            signal("CONT", process);
            paused = false;
        }
    }

    @Override
    public void flush() {
        client.command("FLUSHALL");
    }

    @Override
    public @Nullable Object command(String... words) {
        return client.command(words);
    }

    @Override
    public void close() {
        stop();
        TempDirectory.delete(directory);
    }

    @Override
    public String toString() {
        return "process " + binary;
    }

    private void signal(String name, Process target) {
        // The shell's own kill: a minimal container image has no kill program.
        await(execute(List.of("sh", "-c", "kill -" + name + " " + target.pid())));
    }

    private Process execute(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + command.get(0) + "' could not be run: " + e.getMessage(), e);
        }
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output.log")).strip();
        } catch (IOException e) {
            return "no output";
        }
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
