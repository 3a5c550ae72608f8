package dev.millpond.spring.autoconfigure;

import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.internal.methods.DeniedCalls;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** Turns {@link dev.millpond.spring.RateLimitExceededException} into responses, in applications with Spring MVC. */
@AutoConfiguration(after = MillpondRateLimitAutoConfiguration.class)
@ConditionalOnClass({DispatcherServlet.class, RateLimitFilter.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondDeniedCallsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    DeniedCalls millpondDeniedCalls(MillpondProperties properties) {
        return new DeniedCalls(properties.rateLimit().headerDialect());
    }
}
