package dev.millpond.benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private static final ApiRequest REQUEST = new ApiRequest("/table?group=A", "some-key");
    private static final int CONNECTIONS = 3;

    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Set<String> requests = ConcurrentHashMap.newKeySet();
    private final AtomicLong answered = new AtomicLong();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    /** Every other answer is a failure. */
    private void answer(HttpExchange exchange) throws IOException {
        ports.add(exchange.getRemoteAddress().getPort());
        requests.add(
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().get("X-API-Key"));
        byte[] text = "hello".getBytes(US_ASCII);
        exchange.sendResponseHeaders(answered.incrementAndGet() % 2 == 0 ? 500 : 200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private ClosedLoop open(int status) throws IOException {
        return ClosedLoop.open(server.getAddress().getPort(), REQUEST, CONNECTIONS, status);
    }

    @Test
    void run_server_isAskedAgainAndAgainOverTheSameConnections() throws Exception {
        try (ClosedLoop loop = open(200)) {
            LoopAnswers answers = loop.run(Duration.ofSeconds(2));

            assertThat(answers.count()).isBetween(answered.get() - 2 * CONNECTIONS, answered.get());
            assertThat(answers.count()).isGreaterThan(2 * CONNECTIONS);
            assertThat(answers.strays())
                    .isBetween(answers.count() / 2 - CONNECTIONS, answers.count() / 2 + CONNECTIONS);
            assertThat(ports).hasSize(CONNECTIONS);
            assertThat(requests).containsExactly("/table?group=A [some-key]");
        }
    }

    @Test
    void run_noTime_waitsForAnAnswer() throws Exception {
        try (ClosedLoop loop = open(200)) {
            assertThat(loop.run(Duration.ZERO).count()).isPositive();
        }
    }

    @Test
    void run_anotherTime_countsFromZero() throws Exception {
        try (ClosedLoop loop = open(200)) {
            long first = loop.run(Duration.ofMillis(50)).count();
            long second = loop.run(Duration.ofMillis(50)).count();

            assertThat(first + second).isLessThanOrEqualTo(answered.get());
        }
    }

    @Test
    void run_serverGoesAway_fails() throws Exception {
        try (ClosedLoop loop = open(200)) {
            loop.run(Duration.ZERO);

            server.stop(0);

            assertThatThrownBy(() -> loop.run(Duration.ofSeconds(10))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void sample_answers_areOfOneRequestEach() {
        LoopAnswers answers = new LoopAnswers();
        answers.add(100_000, true);
        answers.add(300_000, false);
        answers.end(Duration.ofMillis(1));

        Sample sample = answers.sample();

        assertThat(sample.figures().get(Metric.TIME)).isCloseTo(200_000.0, within(1_000.0));
        assertThat(sample.figures().get(Metric.P99)).isCloseTo(300_000.0, within(1_000.0));
        assertThat(sample.figures()).containsEntry(Metric.RATE, 2_000.0).containsEntry(Metric.STRAYS, 0.5);
    }
}
