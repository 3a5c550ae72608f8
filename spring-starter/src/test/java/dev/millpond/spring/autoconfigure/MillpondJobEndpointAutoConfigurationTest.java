package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Job;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

final class MillpondJobEndpointAutoConfigurationTest {

    private static final String BEAN = "millpondJobEndpoint";

    private final WebApplicationContextRunner exposed = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondJobsAutoConfiguration.class, MillpondJobEndpointAutoConfiguration.class))
            .withBean(Job.class, () -> Job.of("clean", run -> Map.of()))
            .withPropertyValues("management.endpoints.web.exposure.include=millpondjobs");

    @Test
    void endpoint_exposed_isThere() {
        exposed.run(context -> assertThat(context).hasBean(BEAN));
    }

    @Test
    void endpoint_notExposed_isNotMade() {
        exposed.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean(BEAN));
    }

    @Test
    void endpoint_accessNone_isNotMade() {
        exposed.withPropertyValues("management.endpoint.millpondjobs.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(BEAN));
    }

    @Test
    void endpoint_millpondDisabled_isNotMade() {
        exposed.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(BEAN));
    }

    @Test
    void endpoint_withoutJobs_isNotMade() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MillpondJobsAutoConfiguration.class, MillpondJobEndpointAutoConfiguration.class))
                .withPropertyValues("management.endpoints.web.exposure.include=millpondjobs")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void endpoint_withoutActuator_isNotMade() {
        exposed.withClassLoader(new FilteredClassLoader(WebEndpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }
}
