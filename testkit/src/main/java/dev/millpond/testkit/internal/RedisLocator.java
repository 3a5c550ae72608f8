package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds or starts the Redis of the tests. */
public final class RedisLocator {

    private static final Logger log = LoggerFactory.getLogger(RedisLocator.class);
    private static final long DOCKER_SECONDS = 10;

    private RedisLocator() {}

    /** Returns the one Redis that the tests of this JVM share; the first call finds or starts it. */
    public static RedisServer shared() {
        return Shared.SERVER;
    }

    static RedisServer locate(Map<String, String> environment) {
        RedisServer server = Optional.ofNullable(environment.get("MILLPOND_TEST_REDIS"))
                .filter(url -> !url.isBlank())
                .<RedisServer>map(ExternalRedis::at)
                .or(RedisLocator::container)
                .or(() -> process(environment))
                .orElseThrow(RedisLocator::nothingFound);
        log.info("Tests use Redis {} at {}:{} ({})", version(server), server.host(), server.port(), server);
        return server;
    }

    private static Optional<RedisServer> container() {
        try {
            return dockerAnswers() ? Optional.of(ContainerRedis.launch()) : Optional.empty();
        } catch (RuntimeException e) {
            log.warn("Docker answers, but no Redis container could be started: {}", e.toString());
            return Optional.empty();
        }
    }

    private static boolean dockerAnswers() {
        FutureTask<Boolean> check = new FutureTask<>(ContainerRedis::dockerAnswers);
        new DaemonThreads("millpond-docker-check").newThread(check).start();
        try {
            return check.get(DOCKER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Testcontainers is not on the class path, or DOCKER_HOST names a machine that swallows packets.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<RedisServer> process(Map<String, String> environment) {
        Path directory = TempDirectory.create();
        Optional<RedisServer> redis =
                RedisBinary.find(environment.get("PATH"), directory).map(path -> ProcessRedis.launch(path, directory));
        if (redis.isEmpty()) {
            TempDirectory.delete(directory);
        }
        return redis;
    }

    private static IllegalStateException nothingFound() {
        return new IllegalStateException(
                "No Redis for the tests: MILLPOND_TEST_REDIS is not set, Docker does not answer,"
                        + " there is no redis-server on the PATH, and none is bundled for " + RedisBinary.platform()
                        + ". Set MILLPOND_TEST_REDIS=redis://host:port, start Docker, or install redis-server.");
    }

    private static String version(RedisServer server) {
        return String.valueOf(server.command("INFO", "server")).replaceFirst("(?s).*redis_version:([\\w.]+).*", "$1");
    }

    private static final class Shared {
        static final RedisServer SERVER = locate(System.getenv());
    }
}
