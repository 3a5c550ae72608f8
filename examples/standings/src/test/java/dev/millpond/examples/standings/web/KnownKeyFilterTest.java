package dev.millpond.examples.standings.web;

import static dev.millpond.examples.standings.web.TestClient.assertProblem;
import static dev.millpond.examples.standings.web.TestClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.servlet.ClientKey;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownKeyFilterTest {

    private final List<String> passed = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void start() throws LifecycleException {
        ClientKey apiKey = ClientKey.header(ApiKeys.HEADER);
        server = TestServer.start(
                (request, response) -> passed.add(request.getMethod()),
                new KnownKeyFilter(apiKey, new ApiKeys()::isKnown));
    }

    @AfterEach
    void stop() throws LifecycleException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void doFilter_reading_passesWithAnyKeyOrNone(String method) throws Exception {
        assertThat(statuses(method)).containsExactly(200, 200, 200, 200);
        assertThat(passed).containsExactly(method, method, method, method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST", "PATCH", "DELETE", "BREW", "get"})
    void doFilter_anyOtherMethod_passesWithAKnownKeyAlone(String method) throws Exception {
        assertThat(statuses(method)).containsExactly(401, 401, 401, 200);
        assertThat(passed).containsExactly(method);
    }

    private List<Integer> statuses(String method) throws Exception {
        return List.of(
                sendWithKeys(method).statusCode(),
                sendWithKeys(method, "").statusCode(),
                sendWithKeys(method, "demo-unknown").statusCode(),
                sendWithKeys(method, "demo-free").statusCode());
    }

    @Test
    void doFilter_writingWithoutAKnownKey_isAProblemThatNamesTheFieldAndNoKey() throws Exception {
        HttpResponse<String> refused = sendWithKeys("PUT", "demo-swordfish");

        assertProblem(
                refused,
                401,
                "Unauthorized",
                "Changing a score needs a known API key. Send one in the field X-API-Key, such as demo-free.");
        assertThat(refused.headers().allValues("WWW-Authenticate")).containsExactly("ApiKey realm=\"standings\"");
        assertThat(refused.headers().map().toString()).doesNotContain("swordfish");
    }

    @Test
    void doFilter_writingWithAKnownKeyInOtherLetters_is401() throws Exception {
        assertThat(sendWithKeys("PUT", "DEMO-FREE").statusCode()).isEqualTo(401);
        assertThat(sendWithKeys("PUT", "demo-free-").statusCode()).isEqualTo(401);
    }

    @Test
    void doFilter_writingWithAKnownKeyTwice_passes() throws Exception {
        assertThat(sendWithKeys("PUT", "demo-pro", "demo-pro").statusCode()).isEqualTo(200);
        assertThat(passed).containsExactly("PUT");
    }

    @Test
    void doFilter_writingWithAKnownKeyInAnotherField_is401() throws Exception {
        HttpRequest.Builder request = server.request("/?X-API-Key=demo-pro").header("Authorization", "Bearer demo-pro");

        assertThat(send(request.PUT(BodyPublishers.noBody())).statusCode()).isEqualTo(401);
        assertThat(passed).isEmpty();
    }

    private HttpResponse<String> sendWithKeys(String method, String... keys) throws Exception {
        HttpRequest.Builder request = server.request("/matches/26").method(method, BodyPublishers.noBody());
        Stream.of(keys).forEach(key -> request.header(ApiKeys.HEADER, key));
        return send(request);
    }
}
