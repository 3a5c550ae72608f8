package dev.millpond.spring.autoconfigure;

import dev.millpond.runtime.Jobs;
import dev.millpond.spring.internal.endpoint.JobEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Makes the endpoint {@code millpondjobs}, if the application has jobs and Actuator, and exposes it. */
@AutoConfiguration(after = MillpondJobsAutoConfiguration.class)
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnSingleCandidate(Jobs.class)
@ConditionalOnAvailableEndpoint(endpoint = JobEndpoint.class)
public final class MillpondJobEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    JobEndpoint millpondJobEndpoint(Jobs jobs) {
        return new JobEndpoint(jobs);
    }
}
