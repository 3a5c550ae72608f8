package dev.millpond.examples.standings.web;

import static dev.millpond.examples.standings.web.TestClient.assertProblem;
import static dev.millpond.examples.standings.web.TestClient.problem;
import static dev.millpond.examples.standings.web.TestClient.send;
import static dev.millpond.examples.standings.web.TestClient.sendRaw;
import static dev.millpond.examples.standings.web.TestClient.sendRawAndEnd;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyLimitFilterTest {

    private static final String TITLE = "Content Too Large";
    private static final String DETAIL =
            "The body has more than 4096 bytes." + " Send a score such as {\\\"homeGoals\\\":1,\\\"awayGoals\\\":1}.";

    private final List<String> received = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void start() throws LifecycleException {
        server = TestServer.start(this::receive, new BodyLimitFilter());
    }

    @AfterEach
    void stop() throws LifecycleException {
        server.close();
    }

    private void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        received.add(new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
    }

    @Test
    void doFilter_noBody_passes() throws Exception {
        assertThat(send(server.request("/").GET()).statusCode()).isEqualTo(202);
        assertThat(received).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096})
    void doFilter_bodyUpToTheLimit_passesWhole(int length) throws Exception {
        String body = body(length);

        assertThat(put(BodyPublishers.ofString(body)).statusCode()).isEqualTo(202);
        assertThat(put(withoutLength(body)).statusCode()).isEqualTo(202);

        assertThat(received).containsExactly(body, body);
    }

    @ParameterizedTest
    @ValueSource(ints = {4097, 100_000})
    void doFilter_bodyOverTheLimit_is413(int length) throws Exception {
        assertProblem(put(BodyPublishers.ofString(body(length))), 413, TITLE, DETAIL);

        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4097, 100_000})
    void doFilter_chunkedBodyOverTheLimit_is413(int length) throws Exception {
        assertProblem(put(withoutLength(body(length))), 413, TITLE, DETAIL);

        assertThat(received).isEmpty();
    }

    @Test
    void doFilter_charactersWithinTheLimitButBytesOver_is413() throws Exception {
        assertProblem(put(BodyPublishers.ofString("\u00e9".repeat(2049))), 413, TITLE, DETAIL);
    }

    @Test
    void doFilter_gigabyteAnnounced_is413AsSoonAsTheLimitIsPassed() throws Exception {
        String answer = sendRaw(server, head("Content-Length: 1000000000") + body(4097));

        assertThat(answer).startsWith("HTTP/1.1 413 ").endsWith(problem(413, TITLE, DETAIL));
        assertThat(received).isEmpty();
    }

    @Test
    void doFilter_endlessChunks_is413AsSoonAsTheLimitIsPassed() throws Exception {
        String answer = sendRaw(server, head("Transfer-Encoding: chunked") + "1001\r\n" + body(4097) + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413 ").endsWith(problem(413, TITLE, DETAIL));
        assertThat(received).isEmpty();
    }

    @Test
    void doFilter_smallLengthAnnouncedForBigChunks_neverPasses() throws Exception {
        String answer = sendRaw(
                server,
                head("Content-Length: 10", "Transfer-Encoding: chunked") + "1001\r\n" + body(4097) + "\r\n0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4");
        assertThat(received).isEmpty();
    }

    @Test
    void doFilter_moreSentThanAnnounced_passesWhatWasAnnounced() throws Exception {
        String answer = sendRawAndEnd(server, head("Content-Length: 3", "Connection: close") + body(5000));

        assertThat(answer).startsWith("HTTP/1.1 202 ");
        assertThat(received).containsExactly(body(3));
    }

    @Test
    void doFilter_lessSentThanAnnounced_neverPasses() throws Exception {
        String answer = sendRawAndEnd(server, head("Content-Length: 10", "Connection: close") + body(9));

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "ten", "99999999999999999999"})
    void doFilter_lengthThatIsNone_is400(String length) throws Exception {
        String answer = sendRaw(server, head("Content-Length: " + length));

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        assertThat(received).isEmpty();
    }

    private HttpResponse<String> put(BodyPublisher body) throws Exception {
        return send(server.request("/").PUT(body));
    }

    private static BodyPublisher withoutLength(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String head(String... fields) {
        return "PUT / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    /** Returns digits, of which none is where another was expected if some are lost. */
    private static String body(int length) {
        return IntStream.range(0, length).mapToObj(i -> String.valueOf(i % 7)).collect(Collectors.joining());
    }
}
