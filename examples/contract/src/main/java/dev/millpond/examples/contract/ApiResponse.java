package dev.millpond.examples.contract;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an application answered.
 *
 * @param status the status code
 * @param headers the header fields
 * @param text the body
 */
record ApiResponse(int status, HttpHeaders headers, String text) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    static ApiResponse of(HttpResponse<String> response) {
        return new ApiResponse(response.statusCode(), response.headers(), response.body());
    }

    /** Returns a header field; empty if there is none. */
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    JsonNode json() {
        return MAPPER.readTree(text);
    }

    boolean fromCache() {
        return json().get("fromCache").booleanValue();
    }

    String source() {
        return json().get("source").stringValue();
    }
}
