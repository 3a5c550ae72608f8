package dev.millpond.spring.internal.endpoint;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** How endpoints answer what they do not do. */
final class Refusals {

    private Refusals() {}

    /** Returns the answer that says why, and what to do. */
    static WebEndpointResponse<Map<String, Object>> of(RuntimeException refusal, int status) {
        return new WebEndpointResponse<>(Map.of("error", String.valueOf(refusal.getMessage())), status);
    }
}
