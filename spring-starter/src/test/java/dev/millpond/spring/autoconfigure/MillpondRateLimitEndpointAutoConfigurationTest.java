package dev.millpond.spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

final class MillpondRateLimitEndpointAutoConfigurationTest extends EndpointAutoConfigurationContract {

    MillpondRateLimitEndpointAutoConfigurationTest() {
        super(
                "millpondratelimits",
                "millpondRateLimitEndpoint",
                new WebApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                MillpondRateLimitAutoConfiguration.class,
                                MillpondRateLimitEndpointAutoConfiguration.class)));
    }
}
