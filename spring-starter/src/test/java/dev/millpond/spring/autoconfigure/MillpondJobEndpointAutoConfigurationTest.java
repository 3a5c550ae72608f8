package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Job;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

final class MillpondJobEndpointAutoConfigurationTest extends EndpointAutoConfigurationContract {

    private static final WebApplicationContextRunner WITHOUT_JOBS = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondJobsAutoConfiguration.class, MillpondJobEndpointAutoConfiguration.class));

    MillpondJobEndpointAutoConfigurationTest() {
        super(
                "millpondjobs",
                "millpondJobEndpoint",
                WITHOUT_JOBS.withBean(Job.class, () -> Job.of("clean", run -> Map.of())));
    }

    @Test
    void endpoint_withoutJobs_isNotMade() {
        WITHOUT_JOBS
                .withPropertyValues("management.endpoints.web.exposure.include=millpondjobs")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("millpondJobEndpoint"));
    }
}
