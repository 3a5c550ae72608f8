package dev.millpond.spring.autoconfigure;

import dev.millpond.servlet.CorrelationFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Registers the {@link CorrelationFilter} in servlet applications. */
@AutoConfiguration
@ConditionalOnClass({Filter.class, CorrelationFilter.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(
        name = {"millpond.enabled", "millpond.correlation-id"},
        matchIfMissing = true)
public final class MillpondCorrelationFilterAutoConfiguration {

    /** Outside all filters that may log. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

    @Bean
    @ConditionalOnMissingFilterBean
    FilterRegistrationBean<CorrelationFilter> millpondCorrelationFilter() {
        FilterRegistrationBean<CorrelationFilter> registration =
                new FilterRegistrationBean<>(CorrelationFilter.create());
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
        registration.setOrder(ORDER);
        return registration;
    }
}
