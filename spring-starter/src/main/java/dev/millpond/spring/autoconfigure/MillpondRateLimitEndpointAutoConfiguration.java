package dev.millpond.spring.autoconfigure;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.spring.RateLimitReload;
import dev.millpond.spring.Tiers;
import dev.millpond.spring.internal.endpoint.RateLimitEndpoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Makes the endpoint {@code millpondratelimits}, if the application has Actuator and exposes it. */
@AutoConfiguration(after = MillpondRateLimitAutoConfiguration.class)
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@ConditionalOnAvailableEndpoint(endpoint = RateLimitEndpoint.class)
public final class MillpondRateLimitEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RateLimitEndpoint millpondRateLimitEndpoint(
            ObjectProvider<RateLimiter> limiter, Tiers tiers, RateLimitReload reload) {
        return new RateLimitEndpoint(limiter::getObject, tiers, reload);
    }
}
