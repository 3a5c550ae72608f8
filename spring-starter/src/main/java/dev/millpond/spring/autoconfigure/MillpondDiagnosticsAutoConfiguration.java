package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Warmer;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.internal.diagnostics.StrayJobs;
import dev.millpond.spring.internal.diagnostics.UnknownCaches;
import dev.millpond.spring.internal.diagnostics.UnknownNames;
import dev.millpond.spring.internal.diagnostics.UnknownWarmers;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** Warns of names in the configuration that nobody reads. */
@AutoConfiguration(after = MillpondCacheAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondDiagnosticsAutoConfiguration {

    @Bean
    UnknownNames millpondUnknownNames(ConfigurableEnvironment environment) {
        return new UnknownNames(environment);
    }

    @Bean
    UnknownCaches millpondUnknownCaches(CacheRegistry registry, MillpondProperties properties) {
        return new UnknownCaches(registry, properties.cache());
    }

    @Bean
    UnknownWarmers millpondUnknownWarmers(ObjectProvider<Warmer> warmers, MillpondProperties properties) {
        return new UnknownWarmers(warmers::stream, properties.cache().warmUp());
    }

    @Bean
    StrayJobs millpondStrayJobs(ListableBeanFactory beans) {
        return new StrayJobs(beans);
    }
}
