package dev.millpond.benchmarks.load;

import dev.millpond.benchmarks.ChildProcess;
import dev.millpond.benchmarks.peers.Await;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** One instance of the Boot example, in a JVM and on a port of its own; not thread-safe. */
public final class ExampleInstance implements AutoCloseable {

    /** The meter of decisions, by tier, outcome, mode and policy. */
    static final String DECISIONS = "millpond.ratelimit.decisions";

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final int OK = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final int port;
    private final URI root;
    private final HttpClient http;

    private ExampleInstance(Process process, int port, HttpClient http) {
        this.process = process;
        this.port = port;
        this.root = URI.create("http://127.0.0.1:" + port + "/");
        this.http = http;
    }

    /**
     * Starts an instance, and waits until it answers or ends.
     *
     * @param project the directory of the whole project, in which the example was built
     * @param settings environment variables
     */
    public static ExampleInstance start(Path project, Map<String, String> settings, HttpClient http) throws Exception {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        jar(project).toString())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT);
        builder.environment().put("SERVER_PORT", Integer.toString(port));
        builder.environment().putAll(settings);
        Process process = builder.start();
        ExampleInstance instance = new ExampleInstance(process, port, http);
        boolean settled = Await.until(START_LIMIT, () -> !process.isAlive() || instance.ready());
        if (!settled || !process.isAlive()) {
            instance.close();
            throw new IOException(
                    settled
                            ? "The example ended before it answered on port " + port + ". Its error is above."
                            : "The example did not answer on port " + port + " within " + START_LIMIT + ".");
        }
        return instance;
    }

    private static Path jar(Path project) throws IOException {
        Path target = project.resolve("examples").resolve("boot").resolve("target");
        try (var files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("-SNAPSHOT.jar"))
                    .findFirst()
                    .orElseThrow(() ->
                            new IOException(target + " has no jar of the example. Build it, as benchmarks/run does."));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return get("actuator/health").statusCode() == OK;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Returns the port of 127.0.0.1 on which it listens. */
    public int port() {
        return port;
    }

    /** Returns the processor time that it has used so far, in nanoseconds. */
    public double cpuNanos() {
        return ChildProcess.cpuNanos(process);
    }

    /** Returns the address of something that the instance serves. */
    URI resource(String path) {
        return root.resolve(path);
    }

    /**
     * Returns the value of the one gauge with these tags.
     *
     * @throws IOException if there is none, or there are several, of which the endpoint would tell the sum
     */
    double gauge(String name, String... tags) throws IOException, InterruptedException {
        JsonNode found = meters(name, tags);
        boolean several = StreamSupport.stream(found.path("availableTags").spliterator(), false)
                .anyMatch(tag -> tag.path("values").size() > 1);
        if (found.isMissingNode() || several) {
            throw new IOException("The example has " + (several ? "several gauges '" : "no gauge '") + name
                    + "' with the tags " + List.of(tags) + ", must have one.");
        }
        return valueOf(found, "VALUE");
    }

    /** Returns how many decisions it has made without Redis, though it should have asked it. */
    public double decisionsWithoutRedis() throws IOException, InterruptedException {
        return meter(DECISIONS, "COUNT", "outcome:allowed_degraded")
                + meter(DECISIONS, "COUNT", "outcome:denied_degraded");
    }

    /** Returns the value of all meters with these tags together; 0 if there are none. */
    double meter(String name, String statistic, String... tags) throws IOException, InterruptedException {
        return valueOf(meters(name, tags), statistic);
    }

    private JsonNode meters(String name, String... tags) throws IOException, InterruptedException {
        String query = List.of(tags).stream().map(tag -> "tag=" + tag).collect(Collectors.joining("&"));
        HttpResponse<String> answer = get("actuator/metrics/" + name + "?" + query);
        return answer.statusCode() == OK ? JSON.readTree(answer.body()) : MissingNode.getInstance();
    }

    private static double valueOf(JsonNode meters, String statistic) {
        return StreamSupport.stream(meters.path("measurements").spliterator(), false)
                .filter(each -> each.path("statistic").asString("").equals(statistic))
                .mapToDouble(each -> each.path("value").asDouble(0))
                .sum();
    }

    @Override
    public void close() {
        process.destroy();
        ChildProcess.awaitEnd(process);
    }
}
