package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;

/** Starts real applications, as users do, and reads what they print. */
@ExtendWith(OutputCaptureExtension.class)
final class FailureReportTest {

    @Test
    void run_negativeBurst_isReportedWithItsOriginAndFix(CapturedOutput output) {
        assertThatThrownBy(() -> run(
                        Empty.class,
                        "--millpond.rate-limit.tiers.free.limit=10",
                        "--millpond.rate-limit.tiers.free.burst=-1"))
                .isNotNull();

        assertThat(output).containsIgnoringNewLines("""
                ***************************
                APPLICATION FAILED TO START
                ***************************

                Description:

                Property 'millpond.rate-limit.tiers.free.burst' ("millpond.rate-limit.tiers.free.burst" from property source "commandLineArgs") is '-1', must be 0 or more.

                Action:

                Set it to 0 for a tier without a burst, or to the number of requests allowed on top of the limit.
                """);
    }

    @Test
    void run_urlWithoutScheme_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(Empty.class, "--millpond.redis.url=localhost:6379"))
                .isNotNull();

        assertThat(output)
                .contains("Property 'millpond.redis.url' (\"millpond.redis.url\" from property source"
                        + " \"commandLineArgs\") is refused: Redis URL 'localhost:6379' has no redis:// or rediss://"
                        + " scheme.")
                .contains("Set 'millpond.redis.url' to a URL such as redis://localhost:6379, or remove it to work"
                        + " without Redis.");
    }

    @Test
    void run_mistypedProperty_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(Empty.class, "--millpond.cache.ttl=5m")).isNotNull();

        assertThat(output).contains("APPLICATION FAILED TO START").contains("millpond.cache.ttl");
    }

    @Test
    void run_textInsteadOfADuration_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(Empty.class, "--millpond.cache.time-to-live=soon"))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: millpond.cache.time-to-live")
                .contains("Value: \"soon\"");
    }

    @Test
    void run_oneCacheForTwoTypes_isReportedWithBothMethods(CapturedOutput output) {
        assertThatThrownBy(() -> run(TwoTypes.class)).isNotNull();

        assertThat(output)
                .contains("Cache 'users' is used for values of different types, by " + Users.class.getName()
                        + ".find (java.lang.String) and by " + Users.class.getName()
                        + ".all (java.util.List<java.lang.String>). What is stored in Redis is read as the type that a"
                        + " method declares, so one cache can have only one.")
                .contains("Give one of the methods a cache of its own, for example 'users.all'.");
    }

    @Test
    void run_tagThatIsNoExpression_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(WrongTag.class)).isNotNull();

        assertThat(output)
                .contains("@CacheTags of " + WrongTag.class.getName() + ".find is 'user:#{#result.}', which is not an"
                        + " expression: ")
                .contains("Correct it; the language is described in Spring's reference,"
                        + " 'Spring Expression Language'.");
    }

    @Test
    void run_jCacheProviderOfTheApplication_isKept(@TempDir Path directory) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader withProvider = FakeCachingProvider.classLoader(directory);
        Thread.currentThread().setContextClassLoader(withProvider);
        try (ConfigurableApplicationContext context = run(withProvider, EnabledCaching.class)) {
            assertThat(context.getBean(CacheManager.class)).isInstanceOf(JCacheCacheManager.class);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void run_jCacheByType_isKept(@TempDir Path directory) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader withProvider = FakeCachingProvider.classLoader(directory);
        Thread.currentThread().setContextClassLoader(withProvider);
        try (ConfigurableApplicationContext context =
                run(withProvider, EnabledCaching.class, "--spring.cache.type=jcache")) {
            assertThat(context.getBean(CacheManager.class)).isInstanceOf(JCacheCacheManager.class);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
        return run(FailureReportTest.class.getClassLoader(), application, arguments);
    }

    private static ConfigurableApplicationContext run(
            ClassLoader classLoader, Class<?> application, String... arguments) {
        SpringApplication spring = new SpringApplication(new DefaultResourceLoader(classLoader), application);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setDefaultProperties(Map.of("spring.main.banner-mode", "off"));
        return spring.run(arguments);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class EnabledCaching {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class TwoTypes {

        @Bean
        Users users() {
            return new Users();
        }
    }

    static class Users {

        @Cacheable("users")
        public String find(long id) {
            return "user " + id;
        }

        @Cacheable("users")
        public List<String> all() {
            return List.of();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class WrongTag {

        @Cacheable("users")
        @CacheTags("user:#{#result.}")
        public String find(long id) {
            return "user " + id;
        }
    }
}
