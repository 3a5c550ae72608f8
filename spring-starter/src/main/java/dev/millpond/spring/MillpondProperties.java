package dev.millpond.spring;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.runtime.RedisUrl;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.PropertyCheck;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * The configuration of Millpond; immutable.
 *
 * <p>A property that does not exist stops the start. Among environment variables and system properties, which others
 * may have set for other programs, it is only warned about.
 *
 * @param enabled Whether Millpond does anything; false lets all calls pass straight through, uncached and unlimited.
 * @param namespace First part of every key in Redis.
 * @param nodeName Name of this node, the same after a restart and different from all others; needed to keep switches of
 *     one node over restarts.
 * @param correlationId Whether log lines of a request show its correlation id to the pattern %X{correlationId}.
 * @param redis The Redis that nodes share.
 * @param cache Caching.
 * @param rateLimit Rate limits.
 * @param jobs Jobs.
 */
@ConfigurationProperties(value = "millpond", ignoreUnknownFields = false)
public record MillpondProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("millpond") String namespace,
        @Nullable String nodeName,
        @DefaultValue("true") boolean correlationId,
        @DefaultValue Redis redis,
        @NestedConfigurationProperty @DefaultValue CacheProperties cache,
        @NestedConfigurationProperty @DefaultValue RateLimitProperties rateLimit,
        @NestedConfigurationProperty @DefaultValue JobsSettings jobs) {

    /** Checks the namespace and the name of the node; an empty one is none. */
    public MillpondProperties {
        nodeName = StringUtils.hasText(nodeName) ? nodeName : null;
        if (nodeName != null) {
            PropertyCheck.check(
                    "millpond.node-name", nodeName, Switches.builder()::node, "Use a name such as 'shop-1'.");
        }
        PropertyCheck.check(
                "millpond.namespace", namespace, CacheRegistry.builder()::namespace, "Use a name such as 'shop'.");
    }

    /** Tells whether caches keep values. */
    public boolean caching() {
        return enabled && cache.enabled();
    }

    /**
     * Where Redis is; without either everything works in one process.
     *
     * @param url URL of one Redis server, such as redis://localhost:6379, or rediss://user:password@host:6380/2 with
     *     TLS.
     * @param config Location of a Redisson YAML file, for Sentinel, Cluster and all other settings; not together with a
     *     URL.
     */
    public record Redis(@Nullable String url, @Nullable String config) {

        private static final String URL = "millpond.redis.url";

        /** Checks that at most one is given, and the form of the URL; what is empty is not given. */
        public Redis {
            url = StringUtils.hasText(url) ? url : null;
            config = StringUtils.hasText(config) ? config : null;
            if (url != null && config != null) {
                throw new InvalidPropertyException(
                        "millpond.redis.config",
                        "is '" + config + "', and 'millpond.redis.url' is set too; only one of them can say where Redis"
                                + " is.",
                        "Remove one of them.");
            }
            if (url != null) {
                checkUrl(url);
            }
        }

        private static void checkUrl(String url) {
            try {
                RedisUrl.parse(url);
            } catch (IllegalArgumentException e) {
                throw PropertyCheck.refused(
                        URL,
                        e,
                        "Set '" + URL
                                + "' to a URL such as redis://localhost:6379, or remove it to work without Redis.");
            }
        }

        /** Returns a text without the password. */
        @Override
        public String toString() {
            return "Redis[url=" + (url == null ? "none" : RedisUrl.parse(url)) + ", config=" + config + "]";
        }
    }
}
