package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.LoadObservations;
import dev.millpond.cache.spi.LoadObserver;
import dev.millpond.ratelimit.DecisionObservations;
import dev.millpond.ratelimit.spi.DecisionObserver;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Makes decisions and loads parts of traces, if the application has an {@link ObservationRegistry}. */
@AutoConfiguration(
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
public final class MillpondObservationAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LoadObserver millpondLoadObserver(ObservationRegistry registry) {
        return new LoadObservations(registry);
    }

    @Bean
    @ConditionalOnMissingBean
    DecisionObserver millpondDecisionObserver(ObservationRegistry registry) {
        return new DecisionObservations(registry);
    }
}
