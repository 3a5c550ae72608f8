package dev.millpond.benchmarks.http;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.ChildJvm;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.measure.Pace;
import dev.millpond.benchmarks.measure.RedisProbe;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.spring.MillpondProperties;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Starts a Boot application, and measures the time from the start of its process until it has answered a request. */
final class StartSampler implements Sampler {

    static final String BOOT = "Boot alone";
    static final String STARTER = "with the starter";
    static final String SHARED = "with the starter and Redis";
    static final String SILENT = "with the starter and a Redis that never answers";
    static final String REDISSON = "with Redisson and its defaults";

    static final String SMALL_REDISSON = "with a small Redisson";

    /** All of them, in the order of the table. */
    static final List<String> ALL = List.of(STARTER, SHARED, SILENT, BOOT, REDISSON, SMALL_REDISSON);

    private static final Ticker TICKER = Ticker.systemTicker();
    private static final int STARTS = 5;

    /** Within this time what was begun in the background has got its threads. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private static final Map<String, Use> USES = Map.of(
            BOOT, new Use(false, "", false),
            STARTER, new Use(true, "", false),
            SHARED, new Use(true, "millpond.redis.url", false),
            SILENT, new Use(true, "millpond.redis.url", true),
            REDISSON, new Use(false, StartedApplication.REDISSON, false),
            SMALL_REDISSON, new Use(false, StartedApplication.SMALL_REDISSON, false));

    /** A start is short and differs from the next one. */
    @Override
    public int turns(Pace pace) {
        return pace.forFigures() ? STARTS * pace.forks() : pace.forks();
    }

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        Use use = Names.find(USES, peer);
        RedisProbe redis = new RedisProbe(bench.redis().url());
        long connections = redis.connections();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String silentUrl = "redis://127.0.0.1:" + silent.getLocalPort();
            return start(
                    use.classPath(),
                    use.command(use.silent() ? silentUrl : bench.redis().url()),
                    () -> redis.connections() - connections);
        }
    }

    private static Sample start(String classPath, List<String> command, Callable<Long> connections) throws Exception {
        long begin = TICKER.read();
        try (ServerProcess server = ServerProcess.start(classPath, command)) {
            awaitAnswer(server.port());
            double time = TICKER.read() - begin;
            Sample sample = Sample.of(Metric.START, time).with(Metric.SERVER_CPU, server.cpuNanos());
            Await.time(SETTLING);
            return sample.with(Metric.THREADS, server.figures().threads()).with(Metric.CONNECTIONS, connections.call());
        }
    }

    private static void awaitAnswer(int port) throws IOException {
        try (ClosedLoop loop = ClosedLoop.open(port, FilterSampler.REQUEST, 1, 200)) {
            if (loop.run(Duration.ZERO).strays() > 0) {
                throw new IOException("The application answered its first request with an error.");
            }
        }
    }

    /**
     * Returns a class path without the starter, so that Boot does not find it.
     *
     * @throws IllegalStateException if the starter is not in it
     */
    static String withoutStarter(String classPath) throws IOException, URISyntaxException {
        Path starter = Path.of(MillpondProperties.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toRealPath();
        List<String> all = List.of(classPath.split(File.pathSeparator, -1));
        List<String> others = new ArrayList<>();
        for (String entry : all) {
            if (!isAt(starter, Path.of(entry))) {
                others.add(entry);
            }
        }
        if (others.size() == all.size()) {
            throw new IllegalStateException("The class path does not have the starter at " + starter
                    + ", so no application can be started without it. It is: " + classPath);
        }
        return String.join(File.pathSeparator, others);
    }

    /** A class path may name what is not there. */
    private static boolean isAt(Path place, Path entry) throws IOException {
        return Files.exists(entry) && entry.toRealPath().equals(place);
    }

    /**
     * What the application has.
     *
     * @param starter whether it has the starter
     * @param redisProperty the property that says where Redis is; empty if it has none
     * @param silent whether that Redis never answers
     */
    private record Use(boolean starter, String redisProperty, boolean silent) {

        String classPath() throws IOException, URISyntaxException {
            return starter ? ChildJvm.ownClassPath() : withoutStarter(ChildJvm.ownClassPath());
        }

        List<String> command(String redisUrl) {
            List<String> command = new ArrayList<>(List.of(
                    "-Xmx256m", StartedApplication.class.getName(), "--server.address=127.0.0.1", "--server.port=0"));
            command.addAll(
                    starter
                            ? List.of(
                                    "--millpond.rate-limit.enabled=true",
                                    "--millpond.rate-limit.secret=secret-of-the-benchmarks")
                            // Else Boot finds Redisson's provider of JCache, which has no cache yet.
                            : List.of("--spring.cache.type=simple"));
            if (!redisProperty.isEmpty()) {
                command.add("--" + redisProperty + "=" + redisUrl);
            }
            return command;
        }
    }
}
