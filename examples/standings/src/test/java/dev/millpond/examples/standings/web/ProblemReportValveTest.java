package dev.millpond.examples.standings.web;

import static dev.millpond.examples.standings.web.TestClient.assertProblem;
import static dev.millpond.examples.standings.web.TestClient.problem;
import static dev.millpond.examples.standings.web.TestClient.send;
import static dev.millpond.examples.standings.web.TestClient.sendRaw;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemReportValveTest {

    private static final String REFUSED =
            "The server refuses this request. Send a well-formed request such as GET /standings/A.";
    private static final String FAILED = "The answer could not be made. Try again later.";

    @ParameterizedTest
    @CsvSource({
        "400, Bad Request",
        "404, Not Found",
        "405, Method Not Allowed",
        "403, Request Refused",
        "418, Request Refused",
        "499, Request Refused"
    })
    void report_errorOfTheClient_isAProblemWithTheFix(int status, String title) throws Exception {
        assertProblem(answerOf((request, response) -> response.sendError(status, "secret")), status, title, REFUSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 503, 599})
    void report_errorOfTheServer_isAProblemWithoutTheCause(int status) throws Exception {
        assertProblem(
                answerOf((request, response) -> response.sendError(status, "secret")),
                status,
                "Internal Server Error",
                FAILED);
    }

    @Test
    void report_servletThrows_tellsNoMessageTypeOrStack() throws Exception {
        assertProblem(failureOf(new IllegalStateException("secret")), 500, "Internal Server Error", FAILED);
        assertProblem(
                failureOf(new ServletException("secret", new IOException("secret"))),
                500,
                "Internal Server Error",
                FAILED);
    }

    @Test
    void report_statusWithoutAnError_leavesTheAnswerToTheApplication() throws Exception {
        HttpResponse<String> answer = answerOf((request, response) -> response.setStatus(404));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void report_success_leavesTheAnswerToTheApplication() throws Exception {
        HttpResponse<String> answer =
                answerOf((request, response) -> response.getWriter().write("fine"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("fine");
    }

    @Test
    void report_servletThrowsAfterItBeganToAnswer_addsNothing() throws Exception {
        TestServer.Handler handler = (request, response) -> {
            response.setContentLength(100);
            response.getOutputStream().print("begun");
            response.flushBuffer();
            throw new IllegalStateException("secret");
        };
        try (TestServer server = TestServer.start(handler)) {
            String answer = TestClient.sendRawAndEnd(server, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nbegun");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%FF", "/standings/%C3%28", "/standings/%00", "/standings/A%2FB", "/%2e%2e/A%zz"})
    void report_pathThatTomcatRefuses_is400WithoutItsPage(String path) throws Exception {
        assertRefused("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /<script> HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET /\u0000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: a\u0000b\r\n\r\n",
            })
    void report_requestThatIsNotHttp_is400WithoutItsPage(String request) throws Exception {
        assertRefused(request);
    }

    private static void assertRefused(String request) throws Exception {
        try (TestServer server = TestServer.start((taken, response) -> response.setStatus(204))) {
            assertThat(sendRaw(server, request))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("Content-Type: application/problem+json")
                    .endsWith("\r\n\r\n" + problem(400, "Bad Request", REFUSED))
                    .doesNotContainIgnoringCase("tomcat")
                    .doesNotContain("Server:");
        }
    }

    @Test
    void report_trace_is405WithoutItsPage() throws Exception {
        try (TestServer server = TestServer.start((request, response) -> response.setStatus(204))) {
            HttpResponse<String> answer = send(server.request("/").method("TRACE", BodyPublishers.noBody()));

            assertProblem(answer, 405, "Method Not Allowed", REFUSED);
        }
    }

    @Test
    void report_head_hasTheStatusAndNoBody() throws Exception {
        try (TestServer server = TestServer.start((request, response) -> response.sendError(404))) {
            HttpResponse<String> answer = send(server.request("/").method("HEAD", BodyPublishers.noBody()));

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEmpty();
        }
    }

    private static HttpResponse<String> failureOf(Exception failure) throws Exception {
        return answerOf((request, response) -> {
            if (failure instanceof ServletException declared) {
                throw declared;
            }
            throw (RuntimeException) failure;
        });
    }

    private static HttpResponse<String> answerOf(TestServer.Handler handler) throws Exception {
        try (TestServer server = TestServer.start(handler)) {
            return send(server.request("/").GET());
        }
    }
}
