package dev.millpond.servlet;

import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.HealthReport;
import dev.millpond.runtime.HealthReport.Status;
import dev.millpond.servlet.internal.HealthJson;
import dev.millpond.servlet.internal.JsonBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Objects;

/**
 * Tells load balancers and operators how this instance is, as JSON.
 *
 * <p>{@code UP} and {@code DEGRADED} are answered with status 200 and {@code DOWN} with 503, so that nobody takes an
 * instance out of service because Redis is away. The answer holds no key, no address and no text from outside, but it
 * tells figures: map it to a path that strangers cannot reach, and let the rate-limit filter skip it.
 *
 * <p>Usage example: {@snippet class="dev.millpond.servlet.PlainServletSnippetTest" region="health"}
 *
 * <p>Thread-safe; never waits for Redis. It leaves the monitor open.
 */
public final class HealthServlet extends HttpServlet {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient HealthMonitor health;

    /**
     * Creates it.
     *
     * @throws NullPointerException if the monitor is null
     */
    public HealthServlet(HealthMonitor health) {
        this.health = Objects.requireNonNull(
                health, "Health servlet: monitor is null. Give the application's HealthMonitor.");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HealthReport report = health.report();
        int status =
                report.status() == Status.DOWN ? HttpServletResponse.SC_SERVICE_UNAVAILABLE : HttpServletResponse.SC_OK;
        JsonBody.send(response, status, "application/json", HealthJson.of(report));
    }
}
