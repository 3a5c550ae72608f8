package dev.millpond.examples.standings.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes problem documents (RFC 9457) where no framework does. */
final class ProblemResponse {

    private ProblemResponse() {}

    /**
     * Sends a problem.
     *
     * @param title the status in words
     * @param detail what is wrong and what to do
     */
    static void send(HttpServletResponse response, int status, String title, String detail) throws IOException {
        String problem = "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                + detail.replace("\"", "\\\"") + "\"}";
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.getOutputStream().write(problem.getBytes(StandardCharsets.UTF_8));
    }
}
