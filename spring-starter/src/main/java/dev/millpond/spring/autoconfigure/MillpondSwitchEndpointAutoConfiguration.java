package dev.millpond.spring.autoconfigure;

import dev.millpond.runtime.Switches;
import dev.millpond.spring.internal.endpoint.SwitchEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Makes the endpoint {@code millpondswitches}, if the application has Actuator and exposes it. */
@AutoConfiguration(after = MillpondSwitchesAutoConfiguration.class)
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(Switches.class)
@ConditionalOnAvailableEndpoint(endpoint = SwitchEndpoint.class)
public final class MillpondSwitchEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SwitchEndpoint millpondSwitchEndpoint(Switches switches) {
        return new SwitchEndpoint(switches);
    }
}
