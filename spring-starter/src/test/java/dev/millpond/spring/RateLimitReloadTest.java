package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision.Outcome;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.autoconfigure.MillpondRateLimitAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRateLimitFilterAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Properties that change while the application runs. */
@ExtendWith(OutputCaptureExtension.class)
final class RateLimitReloadTest {

    private static final Client ANYBODY = Client.ofAddress("198.51.100.7");

    private final Map<String, Object> properties = new HashMap<>();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(this::addProperties)
            .withConfiguration(AutoConfigurations.of(MillpondRateLimitAutoConfiguration.class));
    private final WebApplicationContextRunner servlet = new WebApplicationContextRunner()
            .withInitializer(this::addProperties)
            .withConfiguration(AutoConfigurations.of(
                    MillpondRateLimitAutoConfiguration.class, MillpondRateLimitFilterAutoConfiguration.class));

    private void addProperties(ConfigurableApplicationContext context) {
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("changing", properties));
    }

    private void set(String property, String value) {
        properties.put("millpond.rate-limit." + property, value);
    }

    private void remove(String property) {
        properties.remove("millpond.rate-limit." + property);
    }

    private static RateLimiter limiter(ApplicationContext context) {
        return context.getBean(RateLimiter.class);
    }

    private static List<String> reload(ApplicationContext context) {
        return context.getBean(RateLimitReload.class).reload();
    }

    @Test
    void reload_tierShrinksAndGrows_keepsTheShareThatIsUsed() {
        runner.run(context -> {
            limiter(context).tryAcquire(ANYBODY, 6); // of 12

            set("tiers.free.limit", "4");
            assertThat(reload(context)).isEmpty();
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(2);

            set("tiers.free.limit", "90");
            set("tiers.free.burst", "10");
            reload(context);
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(50);

            remove("tiers.free.limit");
            remove("tiers.free.burst");
            reload(context);
            assertThat(limiter(context).peek(ANYBODY).tier()).isEqualTo(Tier.FREE);
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(6);
        });
    }

    @Test
    void reload_severalChangesAtOnce_areInForceTogether() {
        set("clients.acme.key", "key-of-acme");
        set("clients.acme.tier", "pro");
        set("allowlist", "192.0.2.1,old-monitor");
        set("denylist", "leaked-key");
        runner.run(context -> {
            RateLimiter limiter = limiter(context);
            assertThat(limiter.tryAcquire("key-of-acme").tier()).isEqualTo(Tier.PRO);
            assertThat(limiter.tryAcquire("old-monitor").outcome()).isEqualTo(Outcome.ALLOWLISTED);
            assertThat(limiter.tryAcquire("leaked-key").outcome()).isEqualTo(Outcome.DENYLISTED);

            set("tiers.gold.limit", "7");
            set("clients.acme.tier", "gold");
            set("clients.other.key", "key-of-other");
            set("clients.other.tier", "enterprise");
            set("allowlist", "192.0.2.0/28");
            set("denylist", "192.0.2.0/24, 2001:db8::/32");
            set("tiers.gold.mode", "shadow");
            set("mode", "25%");
            assertThat(reload(context)).isEmpty();

            assertThat(limiter.tryAcquire("key-of-acme").tier()).isEqualTo(Tier.of("gold", RateLimit.perMinute(7)));
            assertThat(limiter.tryAcquire("key-of-other").tier()).isEqualTo(Tier.ENTERPRISE);
            assertThat(limiter.tryAcquire("old-monitor").outcome()).isEqualTo(Outcome.ALLOWED);
            assertThat(limiter.tryAcquire("leaked-key").outcome()).isEqualTo(Outcome.ALLOWED);
            assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.3"), 1).outcome())
                    .isEqualTo(Outcome.ALLOWLISTED);
            assertThat(limiter.tryAcquire(Client.ofAddress("192.0.2.77"), 1).outcome())
                    .isEqualTo(Outcome.DENYLISTED);
            assertThat(limiter.rules().mode()).contains(RateLimitMode.enforceFor(25));
            assertThat(limiter.rules().modesOfTiers()).containsExactly(Map.entry("gold", RateLimitMode.SHADOW));
            assertThat(limiter.rules().tiersOfClients()).hasSize(2);
        });
    }

    @Test
    void reload_operatorsHaveChangedSome_theirsWinAndStay() {
        Tier ofOperators = Tier.of("free", RateLimit.perMinute(5));
        runner.run(context -> {
            limiter(context)
                    .changeRules(rules -> rules.withTier(ofOperators)
                            .withMode(RateLimitMode.SHADOW)
                            .withBan("192.0.2.0/24"));
            set("tiers.free.limit", "90");
            set("mode", "off");
            set("denylist", "203.0.113.0/24");

            reload(context);

            assertThat(limiter(context).tryAcquire(ANYBODY, 1).tier()).isEqualTo(ofOperators);
            assertThat(limiter(context).rules().mode()).contains(RateLimitMode.SHADOW);
            assertThat(limiter(context).rules().bans()).containsOnlyKeys("192.0.2.0/24", "203.0.113.0/24");
            limiter(context).changeRules(rules -> RateLimitRules.none());
            assertThat(limiter(context).rules().mode()).contains(RateLimitMode.OFF);
        });
    }

    @Test
    void reload_rulesOfACustomizer_winAndStay() {
        RateLimitRules customized = RateLimitRules.none()
                .withModeOfTier("free", RateLimitMode.SHADOW)
                .withBan("192.0.2.0/24");
        set("mode", "50%");
        runner.withBean(RateLimiterBuilderCustomizer.class, () -> builder -> builder.rules(customized))
                .run(context -> {
                    assertThat(limiter(context).rules()).isEqualTo(customized.withMode(RateLimitMode.enforceFor(50)));
                    set("mode", "60%");
                    set("tiers.free.mode", "off");

                    reload(context);

                    assertThat(limiter(context).rules()).isEqualTo(customized.withMode(RateLimitMode.enforceFor(60)));
                });
    }

    @Test
    void reload_oneBadValueOfMany_isRefusedAsAWholeAndLoggedOnce(CapturedOutput output) {
        set("tiers.gold.limit", "7");
        runner.run(context -> {
            RateLimitRules before = limiter(context).rules();
            set("tiers.gold.limit", "9");
            set("mode", "shadow");
            set("tiers.gold.burst", "-1");
            String refusal = "Property 'millpond.rate-limit.tiers.gold.burst' (\"millpond.rate-limit.tiers.gold.burst\""
                    + " from property source \"changing\") is '-1', must be 0 or more. Set it to 0 for a tier without a"
                    + " burst, or to the number of requests allowed on top of the limit.";

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reload(context))
                    .withMessage(refusal);
            assertThatIllegalArgumentException().isThrownBy(() -> reload(context));

            assertThat(limiter(context).rules()).isEqualTo(before);
            assertThat(context.getBean(Tiers.class).get("gold").limit()).isEqualTo(RateLimit.perMinute(7));
            assertThat(output.toString().split(Pattern.quote(refusal), -1)).hasSize(2);
            assertThat(output)
                    .contains("Changed properties of rate limits are refused, those in force stay. " + refusal);

            set("tiers.gold.burst", "1");
            reload(context);
            assertThat(limiter(context).rules().tiers())
                    .containsEntry(
                            "gold", Tier.of("gold", RateLimit.perMinute(9).withBurst(1)));
        });
    }

    @Test
    void reload_unreadableValueOrUnknownName_isRefusedAsAtTheStart() {
        runner.run(context -> {
            set("tiers.free.limit", "many");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reload(context))
                    .withMessageStartingWith("Property 'millpond.rate-limit.tiers.free.limit' (")
                    .withMessageEndingWith(" is 'many', must be a whole number. Give a number such as 10.");

            remove("tiers.free.limit");
            set("tier.free.limit", "7");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reload(context))
                    .withMessageContaining(" does not exist. Use 'millpond.rate-limit.tiers.free.limit', the nearest");
        });
    }

    @ParameterizedTest
    @CsvSource({"clients.acme, clients.acme.key", "clients, clients.<name>.key"})
    void reload_keyInPlaceOfAClient_isRefusedWithoutTheKey(String property, String part, CapturedOutput output) {
        runner.run(context -> {
            set(property, "s3cret");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reload(context))
                    .withMessageStartingWith("Property 'millpond.rate-limit." + property + "'")
                    .withMessageEndingWith(
                            " has a value, must be a group of properties. Give the value to one of the group,"
                                    + " such as 'millpond.rate-limit." + part + "'.")
                    .satisfies(refusal ->
                            assertThat(Throwables.getStackTrace(refusal)).doesNotContain("s3cret"));
            assertThat(output).contains("are refused, those in force stay.").doesNotContain("s3cret");
        });
    }

    @Test
    void reload_newTier_isKnownToWhoeverHasTheTiers() {
        runner.run(context -> {
            Tiers tiers = context.getBean(Tiers.class);
            assertThatThrownBy(() -> tiers.get("gold")).isInstanceOf(IllegalArgumentException.class);

            set("tiers.gold.limit", "7");
            reload(context);

            assertThat(tiers.get("gold").limit()).isEqualTo(RateLimit.perMinute(7));
        });
    }

    @Test
    void reload_tierThatAResolverStillHas_countsAsItIsNow() {
        set("tiers.gold.limit", "10");
        runner.withBean(TierResolver.class, () -> key -> Optional.of(Tier.of("gold", RateLimit.perMinute(10))))
                .run(context -> {
                    limiter(context).tryAcquire(Client.ofKey("any-key"), 5);
                    set("tiers.gold.limit", "20");

                    reload(context);

                    assertThat(limiter(context).peek(Client.ofKey("any-key")).remaining())
                            .isEqualTo(10);
                });
    }

    @Test
    void reload_whatNeedsARestart_isToldAndLogged(CapturedOutput output) {
        runner.run(context -> {
            limiter(context);
            set("default-tier", "pro");
            set("decision-timeout", "1s");
            set("tiers.free.when-redis-is-down", "deny");
            set("mode", "shadow");

            assertThat(reload(context))
                    .containsExactly(
                            "millpond.rate-limit.decision-timeout",
                            "millpond.rate-limit.default-tier",
                            "millpond.rate-limit.tiers.free.when-redis-is-down");

            assertThat(limiter(context).rules().mode()).contains(RateLimitMode.SHADOW);
            assertThat(limiter(context).tryAcquire(ANYBODY, 1).tier()).isEqualTo(Tier.FREE);
            assertThat(output)
                    .contains("Changed properties [millpond.rate-limit.decision-timeout,"
                            + " millpond.rate-limit.default-tier, millpond.rate-limit.tiers.free.when-redis-is-down] count only"
                            + " after a restart.");
        });
    }

    @Test
    void reload_limiterNotMadeYet_isMadeByTheChangedProperties() {
        runner.run(context -> {
            set("tiers.free.limit", "90");
            reload(context);

            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(90);
        });
    }

    @Test
    void reload_limiterOfTheApplication_isLeftAlone() {
        RateLimiter own = RateLimiter.builder().build();
        runner.withBean(RateLimiter.class, () -> own).run(context -> {
            set("mode", "off");
            assertThat(reload(context)).isEmpty();
            assertThat(own.rules()).isEqualTo(RateLimitRules.none());
        });
    }

    @Test
    void reload_routesAndPaths_holdForTheNextRequest() {
        set("routes.search.paths", "/search");
        set("routes.search.cost", "5");
        servlet.run(context -> {
            FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
            assertThat(left(filter, "/search")).contains("r=7;");

            set("routes.find.paths", "/find");
            set("routes.find.cost", "3");
            set("excluded-paths", "/search");
            assertThat(reload(context)).isEmpty();

            assertThat(left(filter, "/find")).contains("r=4;");
            assertThat(left(filter, "/search")).isNull();
            set("routes.find.paths", "/a/{");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reload(context))
                    .withMessageContaining("which is not a path pattern");
        });
    }

    @Test
    void reload_firstPropertiesOfAServletApplication_needARestart(CapturedOutput output) {
        servlet.run(context -> {
            assertThat(context).doesNotHaveBean(FilterRegistrationBean.class);
            set("tiers.free.limit", "5");
            set("denylist", "192.0.2.0/24");

            assertThat(reload(context)).containsExactly("millpond.rate-limit.denylist", "millpond.rate-limit.tiers");

            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(5);
            assertThat(output)
                    .contains("Changed properties [millpond.rate-limit.denylist, millpond.rate-limit.tiers] count only"
                            + " after a restart.")
                    .contains("No filter limits requests: there were no properties millpond.rate-limit.* at the start,"
                            + " and no TierResolver. Restart the application to have one.");
        });
    }

    @Test
    void reload_firstPropertiesOfAnApplicationWithAFilter_countAtOnce(CapturedOutput output) {
        servlet.withBean(TierResolver.class, () -> key -> Optional.empty()).run(context -> {
            set("tiers.free.limit", "5");
            assertThat(reload(context)).isEmpty();
            assertThat(left(context.getBean(FilterRegistrationBean.class), "/")).contains("r=4;");
        });
        remove("tiers.free.limit");
        servlet.withUserConfiguration(FilterOfTheApplication.class).run(context -> {
            set("tiers.free.limit", "6");
            assertThat(reload(context)).isEmpty();
        });
        assertThat(output).doesNotContain("No filter limits requests");
    }

    private static @Nullable String left(FilterRegistrationBean<?> filter, String path) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setRemoteAddr("198.51.100.7");
        MockHttpServletResponse response = new MockHttpServletResponse();
        Objects.requireNonNull(filter.getFilter()).doFilter(request, response, new MockFilterChain());
        return response.getHeader("RateLimit");
    }

    @Test
    void environmentChangeEvent_isTaken() {
        runner.run(context -> {
            limiter(context).tryAcquire(ANYBODY, 6);
            set("tiers.free.limit", "22");

            context.publishEvent(new EnvironmentChangeEvent(context, Set.of("millpond.rate-limit.tiers.free.limit")));

            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(11);
        });
    }

    @Test
    void environmentChangeEvent_badValue_isLoggedAndDisturbsNobody(CapturedOutput output) {
        runner.run(context -> {
            RateLimitRules before = limiter(context).rules();
            set("tiers.free.limit", "0");

            context.publishEvent(new EnvironmentChangeEvent(context, Set.of()));

            assertThat(limiter(context).rules()).isEqualTo(before);
            assertThat(output)
                    .contains("are refused, those in force stay. Property 'millpond.rate-limit.tiers.free.limit'");
        });
    }

    @Test
    void reload_fileHasChanged_isReadAnew(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("application.yml");
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Path mode = tree.resolve("millpond.rate-limit.mode");
        Files.writeString(file, "millpond.rate-limit.tiers.free.limit: 10\n");
        Files.writeString(mode, "25%");
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(FromFiles.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.config.location=file:" + file,
                        "--spring.config.import=configtree:" + tree + "/",
                        "--spring.main.banner-mode=off",
                        "--millpond.rate-limit.tiers.pro.limit=5")) {
            limiter(context).tryAcquire(ANYBODY, 5);
            Files.writeString(file, "millpond.rate-limit.tiers: { free.limit: 30, pro.limit: 6 }\n");
            Files.writeString(mode, "50%");

            assertThat(reload(context)).isEmpty();

            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(15);
            assertThat(limiter(context).rules().mode()).contains(RateLimitMode.enforceFor(50));
            assertThat(limiter(context).rules().tiers())
                    .containsEntry("pro", Tier.of("pro", RateLimit.perMinute(5))); // the command line wins

            Files.writeString(file, "millpond.rate-limit.tiers: { free.limit: [");
            assertThatIllegalArgumentException().isThrownBy(() -> reload(context));
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(15);
        }
    }

    @Test
    void reload_fileOfAProfileIsNew_winsWhereItWouldAtTheStart(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("application.yml"), "millpond.rate-limit.tiers.free.limit: 10\n");
        MapPropertySource last = new MapPropertySource(
                "last", Map.of("millpond.rate-limit.tiers.free.limit", "99", "millpond.rate-limit.mode", "75%"));
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(FromFiles.class)
                .web(WebApplicationType.NONE)
                .initializers(made -> made.getEnvironment().getPropertySources().addLast(last))
                .run(
                        "--spring.config.location=file:" + folder + "/",
                        "--spring.profiles.active=live",
                        "--spring.main.banner-mode=off")) {
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(10);
            Files.writeString(folder.resolve("application-live.yml"), "millpond.rate-limit.tiers.free.limit: 7\n");

            reload(context);

            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(7);
            assertThat(limiter(context).rules().mode()).contains(RateLimitMode.enforceFor(75));
            Files.delete(folder.resolve("application-live.yml"));
            reload(context);
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(10);
            assertThat(context.getEnvironment().getProperty("millpond.rate-limit.tiers.free.limit"))
                    .isEqualTo("10");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(MillpondRateLimitAutoConfiguration.class)
    static class FromFiles {}

    @Configuration(proxyBeanMethods = false)
    static class FilterOfTheApplication {

        @Bean
        RateLimitFilter filter(RateLimiter limiter) {
            return RateLimitFilter.builder(limiter).build();
        }
    }
}
