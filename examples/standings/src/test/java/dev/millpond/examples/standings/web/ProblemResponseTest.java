package dev.millpond.examples.standings.web;

import static dev.millpond.examples.standings.web.TestClient.assertProblem;
import static dev.millpond.examples.standings.web.TestClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ProblemResponseTest {

    @Test
    void send_plainText_isTheProblem() throws Exception {
        assertProblem(answerOf("Try again."), 409, "Conflict", "Try again.");
    }

    @Test
    void send_quotesAndOtherLetters_isReadBackAsItWas() throws Exception {
        String detail = "Send {\"homeGoals\":1}, not \u00bd or \u26bd.";

        Map<?, ?> problem = JsonMapper.shared().readValue(answerOf(detail).body(), Map.class);

        assertThat(problem)
                .isEqualTo(Map.of("type", "about:blank", "title", "Conflict", "status", 409, "detail", detail));
    }

    private static HttpResponse<String> answerOf(String detail) throws Exception {
        try (TestServer server =
                TestServer.start((request, response) -> ProblemResponse.send(response, 409, "Conflict", detail))) {
            return send(server.request("/").GET());
        }
    }
}
