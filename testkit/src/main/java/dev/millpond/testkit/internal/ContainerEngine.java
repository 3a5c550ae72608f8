package dev.millpond.testkit.internal;

import com.github.dockerjava.api.DockerClient;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A Redis container; Testcontainers removes it when this JVM ends. */
final class ContainerEngine implements Engine {

    private static final String IMAGE = "redis:7.2-alpine";
    private static final int REDIS_PORT = 6379;

    private final int port = Loopback.freePort();
    private final GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withExposedPorts(REDIS_PORT)
            .withCommand("redis-server", "--save", "", "--appendonly", "no");

    /** Creates the engine without starting a container. */
    ContainerEngine() {
        // A port that Docker chose would change with each start.
        container.setPortBindings(List.of(port + ":" + REDIS_PORT));
    }

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
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
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            docker().startContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    public void kill() {
        docker().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void freeze() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void thaw() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public boolean alive() {
        return container.getContainerId() != null && container.isRunning();
    }

    @Override
    public String output() {
        return container.getLogs();
    }

    @Override
    public String toString() {
        return "container " + IMAGE;
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
