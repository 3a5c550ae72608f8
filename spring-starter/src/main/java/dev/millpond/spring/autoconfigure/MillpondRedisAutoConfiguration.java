package dev.millpond.spring.autoconfigure;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.MillpondProperties;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;

/** Makes the {@link RedisConnection} that caches and rate limits share, if the properties say where Redis is. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "millpond.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(RedisConnection.class)
@EnableConfigurationProperties(MillpondProperties.class)
public final class MillpondRedisAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("millpond.redis.url")
    static class FromUrl {

        @Bean(destroyMethod = "close")
        RedisConnection millpondRedisConnection(MillpondProperties properties) {
            return RedisConnection.to(String.valueOf(properties.redis().url()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("millpond.redis.config")
    static class FromFile {

        private static final String PROPERTY = "millpond.redis.config";

        @Bean(destroyMethod = "close")
        RedisConnection millpondRedisConnection(MillpondProperties properties, ResourceLoader resources) {
            String yaml = read(String.valueOf(properties.redis().config()), resources);
            try {
                return RedisConnection.ofYaml(yaml);
            } catch (IllegalArgumentException e) {
                throw PropertyCheck.refused(PROPERTY, e, "Correct the file, or set 'millpond.redis.url' instead.");
            }
        }

        private static String read(String location, ResourceLoader resources) {
            try {
                return resources.getResource(location).getContentAsString(StandardCharsets.UTF_8);
            } catch (IOException e) {
                InvalidPropertyException unreadable = new InvalidPropertyException(
                        PROPERTY,
                        "is '" + location + "', must be the location of a file that can be read.",
                        "Give a location such as classpath:redisson.yaml or file:/etc/shop/redisson.yaml.");
                unreadable.initCause(e);
                throw unreadable;
            }
        }
    }
}
