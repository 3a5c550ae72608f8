package dev.millpond.examples.standings.web;

import static dev.millpond.examples.standings.web.TestClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What an application can do with a body that {@link BodyLimitFilter} has read. */
class ReadBodyTest {

    @Test
    void read_byteByByte_endsFinished() throws Exception {
        assertThat(answerTo("ab", ReadBodyTest::readByteByByte)).isEqualTo("ready a unfinished, b finished, -1");
    }

    @Test
    void read_intoTheMiddleOfABuffer_fillsIt() throws Exception {
        assertThat(answerTo("abc", body -> {
                    byte[] buffer = {'.', '.', '.', '.'};
                    return body.read(buffer, 1, 2) + " " + new String(buffer, StandardCharsets.UTF_8);
                }))
                .isEqualTo("2 .ab.");
    }

    @Test
    void isFinished_noBody_isTrue() throws Exception {
        assertThat(answerTo("", body -> String.valueOf(body.isFinished()))).isEqualTo("true");
    }

    @Test
    void setReadListener_any_isRefusedWithTheReason() throws Exception {
        assertThat(answerTo("a", ReadBodyTest::refusalOfAListener))
                .isEqualTo("The body has been read, and the applications read it without a listener.");
    }

    private static String readByteByByte(ServletInputStream body) throws IOException {
        String ready = body.isReady() ? "ready " : "waiting ";
        String first = (char) body.read() + (body.isFinished() ? " finished, " : " unfinished, ");
        String second = (char) body.read() + (body.isFinished() ? " finished, " : " unfinished, ");
        return ready + first + second + body.read();
    }

    private static String refusalOfAListener(ServletInputStream body) {
        try {
            body.setReadListener(new NoListener());
            return "accepted";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String answerTo(String sent, Reader reader) throws Exception {
        TestServer.Handler handler = (request, response) -> {
            String answer = reader.read(request.getInputStream());
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
            response.getWriter().write(answer);
        };
        try (TestServer server = TestServer.start(handler, new BodyLimitFilter())) {
            HttpResponse<String> answer = send(server.request("/").PUT(BodyPublishers.ofString(sent)));
            assertThat(answer.statusCode()).isEqualTo(202);
            return answer.body();
        }
    }

    @FunctionalInterface
    private interface Reader {
        String read(ServletInputStream body) throws IOException;
    }

    private static final class NoListener implements ReadListener {

        @Override
        public void onDataAvailable() {}

        @Override
        public void onAllDataRead() {}

        @Override
        public void onError(Throwable failure) {}
    }
}
