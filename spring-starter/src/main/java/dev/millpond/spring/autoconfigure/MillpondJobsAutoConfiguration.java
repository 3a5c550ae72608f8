package dev.millpond.spring.autoconfigure;

import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.JobsBuilderCustomizer;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.WarmUpSettings;
import dev.millpond.spring.internal.jobs.HotKeyWarmers;
import dev.millpond.spring.internal.jobs.JobsStart;
import dev.millpond.spring.internal.jobs.WarmerJobs;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Makes the {@link Jobs} of an application that has a {@link Warmer}, a {@link Job} or caches to be warmed with their
 * hot keys, and starts them when it has started.
 *
 * <p>With {@code millpond.enabled} set to false there are none.
 */
@AutoConfiguration(
        after = {
            MillpondRedisAutoConfiguration.class,
            MillpondSwitchesAutoConfiguration.class,
            MillpondCacheAutoConfiguration.class
        })
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondJobsAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @Conditional(OnJobs.class)
    Jobs millpondJobs(
            MillpondProperties properties,
            ObjectProvider<RedisConnection> redis,
            ObjectProvider<Switches> switches,
            ObjectProvider<Warmer> warmers,
            ObjectProvider<Job> jobs,
            ObjectProvider<JobsBuilderCustomizer> customizers,
            ConfigurableListableBeanFactory beans) {
        WarmUpSettings warmUp = properties.cache().warmUp();
        Jobs.Builder builder = Jobs.builder()
                .namespace(properties.namespace())
                .staggered(properties.jobs().staggered())
                .jitter(properties.jobs().jitter())
                .concurrency(properties.jobs().concurrency());
        redis.ifAvailable(builder::redis);
        switches.ifAvailable(builder::switches);
        allWarmers(warmers.orderedStream().toList(), warmUp, beans)
                .flatMap(warmer -> WarmerJobs.of(warmer, warmUp.ofWarmer(warmer.name())))
                .forEach(builder::job);
        jobs.orderedStream().forEach(builder::job);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static Stream<Warmer> allWarmers(
            List<Warmer> own, WarmUpSettings settings, ConfigurableListableBeanFactory beans) {
        List<String> taken = own.stream().map(Warmer::name).toList();
        return Stream.concat(own.stream(), HotKeyWarmers.of(settings.hotKeysOf(), taken, beans));
    }

    @Bean
    JobsStart millpondJobsStart(ObjectProvider<Jobs> jobs, MillpondProperties properties) {
        return new JobsStart(
                jobs.orderedStream().toList(),
                jobs.getIfUnique(),
                properties.cache().warmUp());
    }
}
