package dev.millpond.servlet.internal;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * An RFC 9457 problem that ends a request.
 *
 * @param status the response status
 * @param type the URI of the problem type
 * @param title the short text of the problem type
 * @param detail what is wrong with this request, and the way out; holds nothing that the client sent
 * @param violatedPolicy the name of the tier; empty if the problem is not one of limits
 * @param retryAfter seconds after which the client may try again; empty if that would not help
 */
public record Problem(
        int status, String type, String title, String detail, String violatedPolicy, OptionalLong retryAfter) {

    /** Returns the problem of a request that carries more than one API key. */
    public static Problem severalKeys() {
        return new Problem(
                HttpServletResponse.SC_BAD_REQUEST,
                "about:blank",
                "Bad Request",
                "The request carries different API keys. Send exactly one.",
                "",
                OptionalLong.empty());
    }

    /** Returns the problem of a request with a key that nobody has. */
    public static Problem unknownKey() {
        return new Problem(
                HttpServletResponse.SC_UNAUTHORIZED,
                "about:blank",
                "Unauthorized",
                "The API key of the request is not known. Send a valid key, or none.",
                "",
                OptionalLong.empty());
    }

    /** Returns the problem of a client that is on the denylist or banned. */
    public static Problem denylisted() {
        return new Problem(
                HttpServletResponse.SC_FORBIDDEN,
                "about:blank",
                "Forbidden",
                "This client is not admitted.",
                "",
                OptionalLong.empty());
    }

    /** Sends the problem as the whole response; does nothing if the response is on its way already. */
    public void send(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        retryAfter.ifPresent(seconds -> response.setHeader("Retry-After", Long.toString(seconds)));
        JsonBody.send(response, status, "application/problem+json", json());
    }

    /* No text needs escaping: the tier's name is letters, digits and hyphens, all else is ours. */
    private String json() {
        String members = "\"type\":\"" + type + "\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                + detail + "\"";
        return violatedPolicy.isEmpty()
                ? "{" + members + "}"
                : "{" + members + ",\"violated-policies\":[\"" + violatedPolicy + "\"]}";
    }
}
