package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds or starts the Redis of the tests. */
public final class RedisLocator {

    private static final Logger log = LoggerFactory.getLogger(RedisLocator.class);

    private RedisLocator() {}

    /** Returns the one Redis that the tests of this JVM share; the first call finds or starts it. */
    public static RedisServer shared() {
        return Shared.SERVER;
    }

    /** Returns the same Redis for a JVM that will empty it; waits until no other one of this machine does. */
    public static RedisServer sharedToEmpty() {
        return Emptied.SERVER;
    }

    /**
     * Looks in the places where a Redis may be, in order of preference.
     *
     * @param environment the environment variables
     * @param platform the name of this platform in the names of the bundled binaries
     * @param container starts a container if Docker answers
     */
    static RedisServer locate(
            Map<String, String> environment, String platform, Supplier<Optional<RedisServer>> container) {
        RedisServer server = Optional.ofNullable(environment.get("MILLPOND_TEST_REDIS"))
                .filter(url -> !url.isBlank())
                .<RedisServer>map(ExternalRedis::at)
                .or(container)
                .or(() -> process(environment, platform))
                .orElseThrow(() -> nothingFound(platform));
        log.info("Tests use Redis {} at {}:{} ({})", version(server), server.host(), server.port(), server);
        return server;
    }

    private static Optional<RedisServer> process(Map<String, String> environment, String platform) {
        Path directory = TempDirectory.create();
        Optional<Path> binary = RedisBinary.find(environment.get("PATH"), platform, directory);
        if (binary.isEmpty()) {
            TempDirectory.delete(directory);
        }
        return binary.map(
                path -> Attempts.start("Redis of the tests", () -> launch(new ProcessEngine(path, directory))));
    }

    private static RedisServer launch(ProcessEngine engine) {
        ProcessEngine.atEndOfJvm(engine::close);
        return OwnRedis.launch(engine);
    }

    private static IllegalStateException nothingFound(String platform) {
        return new IllegalStateException(
                "No Redis for the tests: MILLPOND_TEST_REDIS is not set, Docker does not answer,"
                        + " there is no redis-server on the PATH, and none is bundled for " + platform
                        + ". Set MILLPOND_TEST_REDIS=redis://host:port, start Docker, or install redis-server.");
    }

    private static String version(RedisServer server) {
        return String.valueOf(server.command("INFO", "server")).replaceFirst("(?s).*redis_version:([\\w.]+).*", "$1");
    }

    private static final class Shared {
        static final RedisServer SERVER =
                locate(System.getenv(), RedisBinary.platform(), ContainerLocator::startIfDockerAnswers);
    }

    private static final class Emptied {
        static final RedisServer SERVER = alone(Shared.SERVER);

        private static RedisServer alone(RedisServer server) {
            if (server instanceof ExternalRedis) {
                RedisInUse.await(Path.of(System.getProperty("java.io.tmpdir")), server.host(), server.port());
            }
            return server;
        }
    }
}
