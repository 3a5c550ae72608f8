package dev.millpond.spring.autoconfigure;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.MillpondProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes the {@link Switches} of the application.
 *
 * <p>With {@code millpond.enabled} set to false there are none: without Redis, what would be turned on could not hear
 * of other nodes.
 */
@AutoConfiguration(after = MillpondRedisAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondSwitchesAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Switches millpondSwitches(MillpondProperties properties, ObjectProvider<RedisConnection> redis) {
        Switches.Builder builder = Switches.builder()
                .namespace(properties.namespace())
                .initially(Switch.CACHE, SwitchMode.of(properties.cache().enabled()))
                .initially(
                        Switch.WARM_UP,
                        SwitchMode.of(properties.cache().warmUp().enabled()))
                .initially(
                        Switch.RATE_LIMIT,
                        SwitchMode.of(
                                !Boolean.FALSE.equals(properties.rateLimit().enabled())));
        @Nullable String node = properties.nodeName();
        if (node != null) {
            builder.node(node);
        }
        redis.ifAvailable(builder::redis);
        return builder.build();
    }
}
