package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a Redis container if Testcontainers is on the class path and Docker answers. */
final class ContainerLocator {

    private static final Logger log = LoggerFactory.getLogger(ContainerLocator.class);
    private static final long CHECK_SECONDS = 10;

    private ContainerLocator() {}

    static Optional<RedisServer> startIfDockerAnswers() {
        try {
            return dockerAnswers() ? Optional.of(OwnRedis.launch(new ContainerEngine())) : Optional.empty();
        } catch (RuntimeException e) {
            log.warn("Docker answers, but no Redis container could be started", e);
            return Optional.empty();
        }
    }

    private static boolean dockerAnswers() {
        FutureTask<Boolean> check = new FutureTask<>(ContainerEngine::dockerAnswers);
        new DaemonThreads("millpond-docker-check").newThread(check).start();
        try {
            return check.get(CHECK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Testcontainers is not on the class path, or DOCKER_HOST names a machine that swallows packets.
            log.debug("Docker was not found", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
