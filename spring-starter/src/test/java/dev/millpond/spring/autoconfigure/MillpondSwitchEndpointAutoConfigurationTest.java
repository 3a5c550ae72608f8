package dev.millpond.spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

final class MillpondSwitchEndpointAutoConfigurationTest extends EndpointAutoConfigurationContract {

    MillpondSwitchEndpointAutoConfigurationTest() {
        super(
                "millpondswitches",
                "millpondSwitchEndpoint",
                new WebApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                MillpondSwitchesAutoConfiguration.class,
                                MillpondSwitchEndpointAutoConfiguration.class)));
    }
}
