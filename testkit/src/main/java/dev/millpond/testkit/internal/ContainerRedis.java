package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A Redis container; Testcontainers removes it when this JVM ends. */
final class ContainerRedis implements RedisServer {

    private static final String IMAGE = "redis:7.2-alpine";
    private static final int REDIS_PORT = 6379;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final GenericContainer<?> container;
    private final int port;
    private final RespClient client;
    private boolean running = true;
    private boolean paused;

    private ContainerRedis(GenericContainer<?> container, int port) {
        this.container = container;
        this.port = port;
        this.client = new RespClient(container.getHost(), port);
    }

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @SuppressWarnings("resource") // lives as long as the JVM; Testcontainers' own reaper ends it
    static ContainerRedis launch() {
        // A mapped port would change with each restart of the container, so the host's port is fixed.
        int port = Loopback.freePort();
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withExposedPorts(REDIS_PORT)
                .withCommand("redis-server", "--save", "", "--appendonly", "no");
        container.setPortBindings(List.of(port + ":" + REDIS_PORT));
        container.start();
        ContainerRedis redis = new ContainerRedis(container, port);
        redis.awaitAnswer();
        return redis;
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String url() {
        return "redis://" + host() + ":" + port;
    }

    @Override
    public boolean controllable() {
        return true;
    }

    @Override
    public synchronized void start() {
        if (!running) {
            docker().startContainerCmd(container.getContainerId()).exec();
            running = true;
            awaitAnswer();
        }
    }

    @Override
    public synchronized void stop() {
        if (running) {
            // Docker delivers no signal to a frozen container.
            resume();
            docker().killContainerCmd(container.getContainerId()).exec();
            running = false;
        }
    }

    @Override
    public synchronized void pause() {
        if (!running) {
            throw new IllegalStateException(
                    "Redis at " + url() + " does not run, so it cannot be paused. Start it first.");
        }
        if (!paused) {
            docker().pauseContainerCmd(container.getContainerId()).exec();
            paused = true;
        }
    }

    @Override
    public synchronized void resume() {
        if (paused) {
            docker().unpauseContainerCmd(container.getContainerId()).exec();
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
    public String toString() {
        return "container " + IMAGE;
    }

    private void awaitAnswer() {
        if (!Poll.until(START_LIMIT, client::answers)) {
            throw new IllegalStateException("The container " + IMAGE + " did not answer on port " + port + " within "
                    + START_LIMIT.toSeconds() + " s: " + container.getLogs());
        }
    }

    private static com.github.dockerjava.api.DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
