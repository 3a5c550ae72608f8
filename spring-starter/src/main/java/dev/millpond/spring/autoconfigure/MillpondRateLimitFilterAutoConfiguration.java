package dev.millpond.spring.autoconfigure;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.RateLimitFilterBuilderCustomizer;
import dev.millpond.spring.internal.ratelimit.ForwardingCheck;
import dev.millpond.spring.internal.ratelimit.LiveProperties;
import dev.millpond.spring.internal.ratelimit.RateLimitFilterSetup;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/** Registers the {@link RateLimitFilter} in servlet applications that want rate limits. */
@AutoConfiguration(after = MillpondRateLimitAutoConfiguration.class)
@ConditionalOnClass({Filter.class, RateLimitFilter.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(
        name = {"millpond.enabled", "millpond.rate-limit.enabled"},
        matchIfMissing = true)
@Conditional(OnRateLimits.class)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondRateLimitFilterAutoConfiguration {

    @Bean
    @ConditionalOnMissingFilterBean
    FilterRegistrationBean<RateLimitFilter> millpondRateLimitFilter(
            RateLimiter limiter,
            MillpondProperties properties,
            LiveProperties live,
            ObjectProvider<RateLimitFilterBuilderCustomizer> customizers,
            Environment environment) {
        ForwardingCheck.warn(environment, properties.rateLimit().trustedProxies());
        RateLimitFilter.Builder builder = RateLimitFilterSetup.builder(limiter, live);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(builder.build());
        registration.setOrder(properties.rateLimit().filterOrder());
        return registration;
    }
}
