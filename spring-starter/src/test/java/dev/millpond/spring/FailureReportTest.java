package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;
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
    void run_inFlightThatIsNoNumber_isReportedWithWhatToGive(CapturedOutput output) {
        assertThatThrownBy(() -> run(Empty.class, "--millpond.rate-limit.tiers.free.in-flight=many"))
                .isNotNull();

        assertThat(output)
                .contains("Property 'millpond.rate-limit.tiers.free.in-flight'"
                        + " (\"millpond.rate-limit.tiers.free.in-flight\" from property source \"commandLineArgs\") is"
                        + " 'many', must be a whole number.")
                .contains("Give a number such as 10.");
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

    @ParameterizedTest
    @CsvSource({
        "millpond.rate-limit.clients.acme, '', millpond.rate-limit.clients.acme.key",
        "millpond.rate-limit.clients, ' (\"millpond.rate-limit.clients\" from property source \"given\")',"
                + " millpond.rate-limit.clients.<name>.key",
        "millpond.rate-limit.tiers.free, '', millpond.rate-limit.tiers.free.limit",
        "millpond.redis, '', millpond.redis.url"
    })
    void run_valueInPlaceOfAGroup_isReportedWithoutTheValue(
            String property, String origin, String part, CapturedOutput output) {
        MapPropertySource source = new MapPropertySource("given", Map.of(property, "s3cret-value"));

        assertThatThrownBy(() -> new SpringApplicationBuilder(Empty.class)
                        .web(WebApplicationType.NONE)
                        .initializers(made ->
                                made.getEnvironment().getPropertySources().addFirst(source))
                        .run())
                .extracting(Throwables::getStackTrace, STRING)
                .doesNotContain("s3cret");

        assertThat(output)
                .contains("Property '" + property + "'" + origin + " has a value, must be a group of properties.")
                .contains("Give the value to one of the group, such as '" + part + "'.")
                .doesNotContain("s3cret");
    }

    @Test
    void run_mistypedProperty_isReportedWithTheNearestName(CapturedOutput output) {
        assertThatThrownBy(() -> run(
                        Empty.class,
                        "--millpond.cache.caches.standings.time-to-liv=5m",
                        "--millpond.cache.ttl=5m",
                        "--millpond.rate-limit.tier.free.limit=10",
                        "--millpond.cache.warm-up.load-per-second=50",
                        "--millpond.cache.warm-up.warmers.standings.on-failures=fail"))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property 'millpond.cache.caches.standings.time-to-liv'"
                        + " (\"millpond.cache.caches.standings.time-to-liv\" from property source \"commandLineArgs\")"
                        + " does not exist.")
                .contains("Use 'millpond.cache.caches.standings.time-to-live', the nearest name that exists, or remove"
                        + " 'millpond.cache.caches.standings.time-to-liv'.")
                .contains("Use 'millpond.cache.warm-up.loads-per-second', the nearest name that exists, or remove"
                        + " 'millpond.cache.warm-up.load-per-second'.")
                .contains("Use 'millpond.cache.warm-up.warmers.standings.on-failure', the nearest name that exists, or"
                        + " remove 'millpond.cache.warm-up.warmers.standings.on-failures'.")
                .contains("Use 'millpond.cache.time-to-live', the nearest name that exists, or remove"
                        + " 'millpond.cache.ttl'.")
                .contains("Use 'millpond.rate-limit.tiers.free.limit', the nearest name that exists");
    }

    @Test
    void run_textInsteadOfADuration_isReportedWithExamples(CapturedOutput output) {
        assertThatThrownBy(() -> run(Empty.class, "--millpond.cache.time-to-live=soon"))
                .isNotNull();

        assertThat(output).containsIgnoringNewLines("""
                Property 'millpond.cache.time-to-live' ("millpond.cache.time-to-live" from property source "commandLineArgs") is 'soon', must be a duration.

                Action:

                Give a number with its unit, such as 250ms, 30s, 5m, 1h or 2d.
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millpond.rate-limit.header-dialect | draft-11"
                        + " | must be one of [ietf-draft-11, x-ratelimit-delta, x-ratelimit-epoch, none].",
                "millpond.rate-limit.when-redis-is-down | open | must be one of [limit-locally, allow, deny].",
                "millpond.cache.consistency | eventual | must be one of [bounded, strict].",
                "millpond.cache.caches.h2h.consistency | eventual | must be one of [bounded, strict].",
                "millpond.cache.local-maximum-size | many | must be a whole number.",
                "millpond.cache.warm-up.on-failure | ignore | must be one of [fail, accumulate].",
                "millpond.cache.warm-up.warmers.teams.on-failure | ignore | must be one of [fail, accumulate].",
                "millpond.cache.warm-up.loads-per-second | many | must be a number.",
                "millpond.rate-limit.expected-nodes | 1.5 | must be a whole number.",
                "millpond.cache.status-field | maybe | must be true or false.",
            })
    void run_valueThatIsNoChoice_isReportedAsItIsWritten(
            String property, String value, String rule, CapturedOutput output) {
        assertThatThrownBy(() -> run(Empty.class, "--" + property + "=" + value))
                .isNotNull();

        assertThat(output)
                .contains("Property '" + property + "' (\"" + property
                        + "\" from property source \"commandLineArgs\") is '" + value + "', " + rule);
    }

    @Test
    void run_stalenessBoundBelowTwoPolls_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(
                        Empty.class, "--millpond.redis.url=redis://127.0.0.1:1", "--millpond.cache.staleness-bound=1s"))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property 'millpond.cache.staleness-bound' (\"millpond.cache.staleness-bound\" from property"
                        + " source \"commandLineArgs\") is '1s', must be at least PT1.3S: twice the pollInterval, PT0.5S,"
                        + " and the time limit of a call to Redis, PT0.3S.")
                .contains("Set it to a duration such as 2s, or make 'millpond.cache.poll-interval' shorter.");
    }

    @Test
    void run_limitedMethodOfAnUnknownTier_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(Limited.class)).isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(
                        "@RateLimited of dev.millpond.spring.FailureReportTest$Exports.run() has the tier 'gold', which does"
                                + " not exist.")
                .contains("Use the name of a tier, or define 'millpond.rate-limit.tiers.gold.limit'.");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Limited {

        @Bean
        Exports exports() {
            return new Exports();
        }
    }

    static class Exports {

        @RateLimited(tier = "gold")
        public void run() {}
    }

    @Test
    void run_urlAndConfig_isReported(CapturedOutput output) {
        assertThatThrownBy(() -> run(
                        Empty.class,
                        "--millpond.redis.url=redis://localhost:1",
                        "--millpond.redis.config=classpath:nope.yaml"))
                .isNotNull();

        assertThat(output)
                .contains("Property 'millpond.redis.config'")
                .contains(
                        "is 'classpath:nope.yaml', and 'millpond.redis.url' is set too; only one of them can say where"
                                + " Redis is.")
                .contains("Remove one of them.");
    }

    @Test
    void run_mistypedVariableOrSystemProperty_isWarnedAboutWithTheNearestName(CapturedOutput output) {
        SpringApplication spring = application(FailureReportTest.class.getClassLoader(), Empty.class);
        spring.addInitializers(context -> {
            MutablePropertySources sources = context.getEnvironment().getPropertySources();
            sources.replace(
                    "systemEnvironment",
                    new SystemEnvironmentPropertySource(
                            "systemEnvironment",
                            Map.of(
                                    "MILLPOND_CACHE_TIMETOLIV", "5m",
                                    "MILLPOND_CACHE_CACHES_STANDINGS_TIMETOLIV", "5m",
                                    "MILLPOND_CACHE_CACHES_STANDINGS_TIME_TO_LIVE", "5m",
                                    "MILLPOND_RATELIMIT_CLIENTKEY_0", "header:X-API-Key",
                                    "MILLPOND_REDIS_URL", "",
                                    "MILLPOND_TEST_REDIS", "read by the testkit")));
            sources.replace(
                    "systemProperties",
                    new MapPropertySource(
                            "systemProperties",
                            Map.of(
                                    "millpond.cache.time-to-liv", "5m",
                                    "millpond.cache.localMaximumSize", "5",
                                    "millpond.rate-limit.client-key[0]", "header:X-API-Key",
                                    "millpond.rate-limit.tiers.gold.limit", "5")));
        });

        spring.run().close();

        assertThat(output.getOut().lines().filter(line -> line.contains("has no effect")))
                .hasSize(3)
                .anyMatch(line -> line.contains("WARN")
                        && line.endsWith(
                                "Environment variable 'MILLPOND_CACHE_TIMETOLIV' has no effect: there is no such"
                                        + " property. Use 'MILLPOND_CACHE_TIMETOLIVE', the nearest name that exists, or remove"
                                        + " it."))
                .anyMatch(
                        line -> line.contains(
                                "Environment variable 'MILLPOND_CACHE_CACHES_STANDINGS_TIMETOLIV' has no"
                                        + " effect: there is no such property. Use 'MILLPOND_CACHE_CACHES_STANDINGS_TIMETOLIVE',"))
                .anyMatch(
                        line -> line.contains("System property 'millpond.cache.time-to-liv' has no effect: there is no"
                                + " such property. Use 'millpond.cache.time-to-live',"));
    }

    @Test
    void run_propertiesOfACacheThatIsNotThere_areWarnedAboutOnce(CapturedOutput output) {
        run(
                        OneCache.class,
                        "--millpond.cache.caches.standigs.time-to-live=1m",
                        "--millpond.cache.caches.standings.enabled=true")
                .close();

        assertThat(output.getOut().lines().filter(line -> line.contains("millpond.cache.caches")))
                .singleElement()
                .asString()
                .contains("WARN")
                .endsWith(
                        "Properties below 'millpond.cache.caches' name [standigs], but the caches of this application are"
                                + " [standings]. Use 'standings' for 'standigs', or remove it. A cache that is made later still"
                                + " gets its properties.");
    }

    @Test
    void run_propertiesOfCachesThatAreThere_areNotWarnedAbout(CapturedOutput output) {
        run(OneCache.class, "--millpond.cache.caches.standings.time-to-live=1m").close();

        assertThat(output).doesNotContain("millpond.cache.caches").doesNotContain("has no effect");
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
        return application(classLoader, application).run(arguments);
    }

    private static SpringApplication application(ClassLoader classLoader, Class<?> application) {
        SpringApplication spring = new SpringApplication(new DefaultResourceLoader(classLoader), application);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setDefaultProperties(Map.of("spring.main.banner-mode", "off"));
        return spring;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OneCache {

        @Bean
        Cache<String, Integer> standings(CacheRegistry caches) {
            return caches.newCache("standings", Integer.class).build();
        }
    }

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
