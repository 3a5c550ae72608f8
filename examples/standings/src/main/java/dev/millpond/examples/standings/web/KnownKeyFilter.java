package dev.millpond.examples.standings.web;

import dev.millpond.servlet.ClientKey;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers 401 to requests that would change something and carry no known API key.
 *
 * <p>Comes after the rate limit, which slows down whoever guesses keys. Thread-safe.
 */
public final class KnownKeyFilter extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final String DETAIL =
            "Changing a score needs a known API key. Send one in the field X-API-Key, such as demo-free.";

    private final transient ClientKey apiKey;
    private final transient Predicate<String> known;

    /**
     * Creates the filter.
     *
     * @param apiKey finds the key in a request
     * @param known tells which keys are known
     */
    public KnownKeyFilter(ClientKey apiKey, Predicate<String> known) {
        this.apiKey = apiKey;
        this.known = known;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (READING.contains(request.getMethod()) || hasKnownKey(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("WWW-Authenticate", "ApiKey realm=\"standings\"");
        ProblemResponse.send(response, HttpServletResponse.SC_UNAUTHORIZED, "Unauthorized", DETAIL);
    }

    private boolean hasKnownKey(HttpServletRequest request) {
        return apiKey.extract(request).stream().anyMatch(known);
    }
}
