package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The redis-server processes of one topology; they end with this JVM. */
final class ServerProcesses implements AutoCloseable {

    private final Path home;
    private final Path binary;
    private final List<ProcessEngine> engines = new CopyOnWriteArrayList<>();

    private ServerProcesses(Path home, Path binary) {
        this.home = home;
        this.binary = binary;
        ProcessEngine.atEndOfJvm(this::close);
    }

    /**
     * Finds the program without starting it.
     *
     * @param environment the environment variables
     * @param platform the name of this platform in the names of the bundled binaries
     * @throws IllegalStateException if there is none
     */
    static ServerProcesses find(Map<String, String> environment, String platform) {
        Path home = TempDirectory.create();
        return RedisBinary.find(environment.get("PATH"), platform, home)
                .map(binary -> new ServerProcesses(home, binary))
                .orElseThrow(() -> {
                    TempDirectory.delete(home);
                    return new IllegalStateException(
                            "No redis-server for a cluster or Sentinel: there is none on the PATH, and none is bundled"
                                    + " for " + platform + ". Install redis-server.");
                });
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param options what its command line begins with, asked for at each start
     */
    OwnRedis launch(int port, Supplier<List<String>> options) {
        ProcessEngine engine = new ProcessEngine(binary, directory(port), port, options);
        engines.add(engine);
        return OwnRedis.launch(engine);
    }

    /** Returns the working directory of the server with that port. */
    Path directory(int port) {
        try {
            return Files.createDirectories(home.resolve(Integer.toString(port)));
        } catch (IOException e) {
            throw new UncheckedIOException("No directory for a redis-server could be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        engines.forEach(ProcessEngine::close);
        TempDirectory.delete(home);
    }
}
