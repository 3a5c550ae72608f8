package dev.millpond.examples.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A problem document (RFC 9457).
 *
 * @param type about:blank, which means that the title says it all
 * @param title the status in words
 * @param status the status code
 * @param detail what is wrong and what to do
 */
record Problem(String type, String title, int status, String detail) {

    static Problem badRequest(String detail) {
        return new Problem("about:blank", "Bad Request", 400, detail);
    }

    static Problem notFound(String detail) {
        return new Problem("about:blank", "Not Found", 404, detail);
    }

    static Problem methodNotAllowed(String allowed) {
        return new Problem("about:blank", "Method Not Allowed", 405, "Use one of: " + allowed + ".");
    }

    static Problem internal() {
        return new Problem(
                "about:blank", "Internal Server Error", 500, "The answer could not be made. Try again later.");
    }

    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        Json.write(response, "application/problem+json", this);
    }
}
