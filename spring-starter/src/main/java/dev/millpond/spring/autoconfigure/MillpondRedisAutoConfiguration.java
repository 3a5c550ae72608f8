package dev.millpond.spring.autoconfigure;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.io.ResourceLoader;

/** Makes the {@link RedisConnection} that caches and rate limits share, if the properties say where Redis is. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(RedisConnection.class)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondRedisAutoConfiguration {

    private static final String CONFIG = "millpond.redis.config";

    @Bean(destroyMethod = "close")
    @Conditional(OnRedis.class)
    RedisConnection millpondRedisConnection(MillpondProperties properties, ResourceLoader resources) {
        @Nullable String url = properties.redis().url();
        return url != null
                ? RedisConnection.to(url)
                : ofFile(String.valueOf(properties.redis().config()), resources);
    }

    private static RedisConnection ofFile(String location, ResourceLoader resources) {
        String yaml = read(location, resources);
        try {
            return RedisConnection.ofYaml(yaml);
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(CONFIG, e, "Correct the file, or set 'millpond.redis.url' instead.");
        }
    }

    private static String read(String location, ResourceLoader resources) {
        try {
            return resources.getResource(location).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            InvalidPropertyException unreadable = new InvalidPropertyException(
                    CONFIG,
                    "is '" + location + "', must be the location of a file that can be read.",
                    "Give a location such as classpath:redisson.yaml or file:/etc/shop/redisson.yaml.");
            unreadable.initCause(e);
            throw unreadable;
        }
    }
}
