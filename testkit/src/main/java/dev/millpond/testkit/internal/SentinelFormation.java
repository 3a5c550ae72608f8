package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Starts a master, its replicas, and the sentinels that watch them. */
final class SentinelFormation {

    private static final int SERVERS = 3;

    /** A master without a replica that has listened within 3 s takes no writes: it may have been voted out. */
    private static final List<String> FENCE =
            List.of("--min-replicas-to-write", "1", "--min-replicas-max-lag", "3", "--repl-diskless-sync-delay", "0");

    private final ServerProcesses processes;
    private final Sentinels sentinels = new Sentinels();
    private final List<Integer> ports = freePorts();
    private final List<Integer> sentinelPorts = freePorts();

    SentinelFormation(ServerProcesses processes) {
        this.processes = processes;
    }

    SentinelNodes form() {
        List<OwnRedis> servers = ports.stream()
                .map(port -> processes.launch(port, () -> options(port)))
                .toList();
        SentinelNodes group = new SentinelNodes(servers, sentinels);
        // A sentinel asks the master for its replicas at once, and then not again for 10 s.
        group.await(group::replicationTrouble);
        for (int port : sentinelPorts) {
            Path file = write(port);
            sentinels.add(processes.launch(port, () -> List.of(file.toString(), "--sentinel")));
        }
        group.awaitHealthy();
        return group;
    }

    /** A server that comes back follows whoever is the master by now. */
    private List<String> options(int port) {
        int master = sentinels.masterPort().orElse(ports.get(0));
        return master == port
                ? FENCE
                : Stream.concat(FENCE.stream(), Stream.of("--replicaof", Loopback.HOST, Integer.toString(master)))
                        .toList();
    }

    /** Sentinels rewrite their files, and go on after a restart from what they knew. */
    private Path write(int port) {
        try {
            return Files.writeString(processes.directory(port).resolve("sentinel.conf"), configuration(port));
        } catch (IOException e) {
            throw new UncheckedIOException("The file of a sentinel could not be written: " + e.getMessage(), e);
        }
    }

    /** Names the other sentinels: to find each other takes them several seconds. */
    private String configuration(int port) {
        String name = Sentinels.MASTER_NAME;
        StringBuilder text = new StringBuilder("sentinel myid " + idOf(port) + "\n");
        text.append("sentinel monitor " + name + " " + Loopback.HOST + " " + ports.get(0) + " 2\n");
        text.append("sentinel down-after-milliseconds " + name + " 2000\n");
        text.append("sentinel failover-timeout " + name + " 5000\n");
        sentinelPorts.stream()
                .filter(other -> other != port)
                .forEach(other -> text.append("sentinel known-sentinel " + name + " " + Loopback.HOST + " " + other
                        + " " + idOf(other) + "\n"));
        return text.toString();
    }

    private static String idOf(int port) {
        return String.format("%040x", port);
    }

    private static List<Integer> freePorts() {
        return IntStream.range(0, SERVERS).mapToObj(i -> Loopback.freePort()).toList();
    }
}
