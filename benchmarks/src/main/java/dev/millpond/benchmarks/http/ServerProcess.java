package dev.millpond.benchmarks.http;

import dev.millpond.benchmarks.ChildJvm;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A server in a JVM of its own, which listens when this is there; not thread-safe. */
final class ServerProcess implements AutoCloseable {

    private final ChildJvm jvm;
    private final int port;

    private ServerProcess(ChildJvm jvm, int port) {
        this.jvm = jvm;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param classPath the class path
     * @param command options of the JVM, the name of a class whose main method uses {@link ServerControl}, arguments
     */
    static ServerProcess start(String classPath, List<String> command) throws IOException {
        ChildJvm jvm = ChildJvm.start(classPath, command, Map.of());
        try {
            return new ServerProcess(jvm, Integer.parseInt(jvm.answer()));
        } catch (IOException | RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    /** Returns the port of 127.0.0.1 on which it listens. */
    int port() {
        return port;
    }

    ServerFigures figures() throws IOException {
        jvm.send("figures");
        return ServerFigures.of(jvm.answer());
    }

    /** Returns the processor time that it has used since its start, in nanoseconds. */
    double cpuNanos() {
        return jvm.cpuNanos();
    }

    /** Returns what it has used since its start. */
    Sample used() throws IOException {
        return Sample.of(Metric.SERVER_CPU, cpuNanos())
                .with(Metric.ALLOCATED, (double) figures().allocatedBytes());
    }

    @Override
    public void close() {
        jvm.close();
    }
}
