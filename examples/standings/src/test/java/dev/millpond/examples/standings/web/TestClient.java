package dev.millpond.examples.standings.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Sends requests to a {@link TestServer}. */
final class TestClient {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int PATIENCE_MILLIS = 30_000;

    private TestClient() {}

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends bytes as they are, leaves the connection open, and returns the answer up to the end of its problem. */
    static String sendRaw(TestServer server, String request) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return readProblem(socket.getInputStream());
        }
    }

    /** Sends bytes as they are, ends the sending side, and returns the whole answer. */
    static String sendRawAndEnd(TestServer server, String request) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String readProblem(InputStream answer) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\"}") < 0) {
            int next = answer.read();
            assertThat(next).as("the next byte after: %s", text).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    /** Checks that this is the problem and nothing else. */
    static void assertProblem(HttpResponse<String> response, int status, String title, String detail) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("Server")).isEmpty();
        assertThat(response.body()).isEqualTo(problem(status, title, detail));
    }

    static String problem(int status, String title, String detail) {
        return "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail
                + "\"}";
    }
}
