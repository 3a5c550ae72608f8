package dev.millpond.examples.boot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody with an API key who asks the application, one question after the other. */
record Visitor(URI application, String key) {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    Reply put(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(application.resolve(path))
                .timeout(PATIENCE)
                .header("X-API-Key", key);
    }

    private static Reply send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body());
    }

    /** What the application answered. */
    record Reply(int status, String text) {

        private static final JsonMapper MAPPER = JsonMapper.shared();

        JsonNode json() {
            return MAPPER.readTree(text);
        }

        /** Tells whether the visitor asked for more than its tier allows. */
        boolean denied() {
            return status == 429;
        }

        boolean fromCache() {
            return status == 200 && json().get("fromCache").booleanValue();
        }
    }
}
