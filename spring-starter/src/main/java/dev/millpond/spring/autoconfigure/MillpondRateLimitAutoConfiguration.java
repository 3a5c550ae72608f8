package dev.millpond.spring.autoconfigure;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.ratelimit.spi.DecisionObserver;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.RateLimiterBuilderCustomizer;
import dev.millpond.spring.Tiers;
import dev.millpond.spring.internal.ratelimit.EnvironmentReload;
import dev.millpond.spring.internal.ratelimit.LiveProperties;
import dev.millpond.spring.internal.ratelimit.MissingFilter;
import dev.millpond.spring.internal.ratelimit.RateLimiterSetup;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ResourceLoader;

/**
 * Makes the {@link RateLimiter} of the application, and its {@link Tiers}.
 *
 * <p>With {@code millpond.enabled} or {@code millpond.rate-limit.enabled} set to false the limiter admits everybody;
 * after the latter, until a switch is set to on.
 */
@AutoConfiguration(after = {MillpondRedisAutoConfiguration.class, MillpondSwitchesAutoConfiguration.class})
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondRateLimitAutoConfiguration {

    @Bean
    LiveProperties millpondLiveRateLimitProperties(MillpondProperties properties) {
        return new LiveProperties(properties.rateLimit());
    }

    @Bean
    EnvironmentReload millpondRateLimitReload(
            LiveProperties live,
            ConfigurableEnvironment environment,
            ResourceLoader resources,
            BeanFactory beans,
            ObjectProvider<MissingFilter> missing) {
        return new EnvironmentReload(live, environment, resources, beans, missing.getIfAvailable() != null);
    }

    @Bean
    @ConditionalOnMissingBean
    Tiers millpondTiers(LiveProperties live) {
        return Tiers.following(live.derive(Tiers::of));
    }

    /* Lazy: an application that only caches is not to hear of the secret that it did not set. */
    @Bean(destroyMethod = "close")
    @Lazy
    @ConditionalOnMissingBean
    RateLimiter millpondRateLimiter(
            MillpondProperties properties,
            LiveProperties live,
            ObjectProvider<TierResolver> resolver,
            ObjectProvider<RedisConnection> redis,
            ObjectProvider<Switches> switches,
            ObjectProvider<DecisionObserver> observer,
            ObjectProvider<RateLimiterBuilderCustomizer> customizers) {
        RateLimiter.Builder builder = RateLimiterSetup.builder(properties, resolver.getIfAvailable());
        redis.ifAvailable(builder::redis);
        switches.ifAvailable(builder::switches);
        observer.ifUnique(builder::observer);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return RateLimiterSetup.following(live, builder.build());
    }

    /** The conditions of the filter, but for the wish to have one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Filter.class, RateLimitFilter.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnBooleanProperty(
            name = {"millpond.enabled", "millpond.rate-limit.enabled"},
            matchIfMissing = true)
    @Conditional(OnNoRateLimits.class)
    static class WithoutFilter {

        @Bean
        @ConditionalOnMissingFilterBean(RateLimitFilter.class)
        MissingFilter millpondMissingRateLimitFilter() {
            return new MissingFilter();
        }
    }
}
