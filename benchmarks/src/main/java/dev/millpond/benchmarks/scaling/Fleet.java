package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Nodes in processes of their own; not thread-safe. */
final class Fleet implements AutoCloseable {

    private final NodeSettings settings;
    private final List<ChildJvm> nodes = new ArrayList<>();

    /** Starts the processes. */
    Fleet(String redisUrl, NodeSettings settings, int count) throws IOException {
        this.settings = settings;
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(ChildJvm.ofRedis(redisUrl, NodeProcess.class, settings.arguments()));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Writes the keys that nodes are to read to a file. */
    static Path fileOf(List<String> keys) throws IOException {
        return Files.write(Files.createTempFile("millpond-keys", ".txt"), keys);
    }

    FleetRun run(Duration time) throws IOException {
        return FleetRun.of(askAll("run " + time.toMillis()), nodes.size() * settings.threads(), time);
    }

    /** Gives an order to all nodes, without waiting for answers. */
    void sendAll(String order) {
        nodes.forEach(node -> node.send(order));
    }

    /** Waits for the answers of all nodes. */
    void awaitAll() throws IOException {
        for (ChildJvm node : nodes) {
            node.answer();
        }
    }

    List<String> askAll(String order) throws IOException {
        return ChildJvm.askAll(nodes, order);
    }

    @Override
    public void close() {
        nodes.forEach(ChildJvm::close);
    }
}
