package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.servlet.CacheStatusFilter;
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

/** Registers the {@link CacheStatusFilter} in servlet applications that ask for it by a property. */
@AutoConfiguration(after = MillpondCacheAutoConfiguration.class)
@ConditionalOnClass({Filter.class, CacheStatusFilter.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty("millpond.cache.status-field")
public final class MillpondCacheStatusFilterAutoConfiguration {

    /** Outside all filters that may read a cache, inside the one that sets the character encoding. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    @ConditionalOnMissingFilterBean
    FilterRegistrationBean<CacheStatusFilter> millpondCacheStatusFilter(CacheRegistry caches) {
        FilterRegistrationBean<CacheStatusFilter> registration =
                new FilterRegistrationBean<>(CacheStatusFilter.of(caches));
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        registration.setOrder(ORDER);
        return registration;
    }
}
