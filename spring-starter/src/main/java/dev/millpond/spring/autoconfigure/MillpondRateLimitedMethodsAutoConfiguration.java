package dev.millpond.spring.autoconfigure;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.spring.Tiers;
import dev.millpond.spring.internal.methods.RateLimitedAdvisor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;

/** Limits methods with {@link dev.millpond.spring.RateLimited}, unless limits are switched off. */
@AutoConfiguration(after = MillpondRateLimitAutoConfiguration.class)
@ConditionalOnBooleanProperty(
        name = {"millpond.enabled", "millpond.rate-limit.enabled"},
        matchIfMissing = true)
@Import(MillpondRateLimitedMethodsAutoConfiguration.Proxies.class)
public final class MillpondRateLimitedMethodsAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static RateLimitedAdvisor millpondRateLimitedAdvisor(
            ObjectProvider<Tiers> tiers, ObjectProvider<RateLimiter> limiter, BeanFactory beans) {
        return new RateLimitedAdvisor(tiers::getObject, limiter::getObject, beans);
    }

    /** Sees to it that there are proxies, also where Spring Boot does not make any. */
    static final class Proxies implements ImportBeanDefinitionRegistrar {

        @Override
        public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
            AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
        }
    }
}
