package dev.millpond.spring.internal.health;

import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.HealthReport;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Reports Millpond's health, in which nothing that Redis does is down.
 *
 * <p>Without Redis the application goes on: it loads, or serves from this process, and limits locally. Were that
 * reported as down, an orchestrator would take away nodes that work. So it is up for Spring Boot, and the detail
 * {@code status} says {@code DEGRADED}.
 */
public final class MillpondHealthIndicator extends AbstractHealthIndicator {

    private final HealthMonitor health;

    /** Creates it; the monitor stays open. */
    public MillpondHealthIndicator(HealthMonitor health) {
        super("Millpond's health check failed");
        this.health = health;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        HealthReport report = health.report();
        if (report.status() == HealthReport.Status.DOWN) {
            builder.down();
        } else {
            builder.up();
        }
        builder.withDetail("status", report.status().name())
                .withDetail("checks", report.checks())
                .withDetail("metrics", report.metrics());
    }
}
