package dev.millpond.benchmarks.http;

import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The smallest Boot application that answers requests out of a cache; it has no use for Millpond's types. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
@Import(StartedApplication.Greetings.class)
public class StartedApplication {

    /** Where the Redis is to which Redisson connects with its defaults; without it there is no such client. */
    static final String REDISSON = "benchmarks.redisson";

    /** Where the Redis is to which a small Redisson connects. */
    static final String SMALL_REDISSON = "benchmarks.small-redisson";

    /** Starts it, and ends it with its standard input. */
    public static void main(String[] arguments) throws Exception {
        SpringApplication application = new SpringApplication(StartedApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            ServerControl.serve(port, System.in, System.out);
        }
    }

    @Bean(destroyMethod = "shutdown")
    @ConditionalOnProperty(REDISSON)
    RedissonClient redisson(@Value("${" + REDISSON + "}") String url) {
        Config config = new Config();
        config.useSingleServer().setAddress(url);
        return Redisson.create(config);
    }

    @Bean(destroyMethod = "shutdown")
    @ConditionalOnProperty(SMALL_REDISSON)
    RedissonClient smallRedisson(@Value("${" + SMALL_REDISSON + "}") String url) {
        Config config = new Config().setThreads(2).setNettyThreads(2);
        config.useSingleServer()
                .setAddress(url)
                .setConnectionPoolSize(2)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(1)
                .setSubscriptionConnectionMinimumIdleSize(1);
        return Redisson.create(config);
    }

    /** Its one resource. */
    @RestController
    static class Greetings {

        @GetMapping("/")
        @Cacheable("greetings")
        String greeting() {
            return "Hello, world";
        }
    }
}
