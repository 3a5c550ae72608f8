package dev.millpond.spring.autoconfigure;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.GuardSettings;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.Tiers;
import dev.millpond.spring.internal.ratelimit.LiveProperties;
import dev.millpond.spring.internal.ratelimit.RateLimitFilterSetup;
import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Registers a guard before Spring Security, which limits addresses, if {@code millpond.rate-limit.guard.tier} is set.
 */
@AutoConfiguration(after = MillpondRateLimitFilterAutoConfiguration.class)
@ConditionalOnClass({Filter.class, RateLimitFilter.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(
        name = {"millpond.enabled", "millpond.rate-limit.enabled"},
        matchIfMissing = true)
@ConditionalOnProperty("millpond.rate-limit.guard.tier")
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondRateLimitGuardAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "millpondRateLimitGuard")
    FilterRegistrationBean<RateLimitFilter> millpondRateLimitGuard(
            RateLimiter limiter, MillpondProperties properties, LiveProperties live, Tiers tiers) {
        GuardSettings guard = properties.rateLimit().guard();
        FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(
                RateLimitFilterSetup.guard(limiter, live, tiers.get(String.valueOf(guard.tier()))));
        registration.setOrder(guard.filterOrder());
        return registration;
    }
}
