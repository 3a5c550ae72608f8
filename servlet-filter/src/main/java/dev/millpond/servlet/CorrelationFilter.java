package dev.millpond.servlet;

import dev.millpond.servlet.internal.CorrelationId;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts the id by which the log lines of one request are found into SLF4J's logging context, as {@value #KEY}.
 *
 * <p>It is the trace id of the field {@code traceparent} (W3C Trace Context, section 3.2), else the value of
 * {@code X-Correlation-ID}, if that has 1 to 64 letters, digits, dots, hyphens and underscores; any other value could
 * forge log lines, so it counts as missing. A request without either gets 32 random hexadecimal digits. A log pattern
 * shows it with <code>%X{correlationId}</code>.
 *
 * <p>Register it before all other filters and for the dispatcher types {@code REQUEST}, {@code ASYNC} and
 * {@code ERROR}: the id stays the same in all of them. What the context held before is there again afterwards. Threads
 * that the application starts itself see the id only if it hands the context on; loads of Millpond's caches have it on
 * whichever thread. Thread-safe; it asks no Redis.
 */
public final class CorrelationFilter implements Filter {

    /** Under which name the logging context has the id. */
    public static final String KEY = "correlationId";

    private static final String ATTRIBUTE = CorrelationFilter.class.getName() + ".id";

    /** Returns a filter; one serves all applications and containers. */
    public static CorrelationFilter create() {
        return new CorrelationFilter();
    }

    private CorrelationFilter() {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String before = MDC.get(KEY);
        MDC.put(KEY, idOf(request));
        try {
            chain.doFilter(request, response);
        } finally {
            restore(before);
        }
    }

    private static String idOf(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String id = request instanceof HttpServletRequest http
                ? CorrelationId.of(http.getHeader("traceparent"), http.getHeader("X-Correlation-ID"))
                : CorrelationId.random();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    private static void restore(@Nullable String before) {
        if (before == null) {
            MDC.remove(KEY);
        } else {
            MDC.put(KEY, before);
        }
    }
}
