package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.servlet.RateLimitFilter;
import dev.millpond.spring.RateLimitFilterBuilderCustomizer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@ExtendWith(OutputCaptureExtension.class)
final class MillpondRateLimitFilterAutoConfigurationTest {

    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            MillpondRateLimitAutoConfiguration.class, MillpondRateLimitFilterAutoConfiguration.class);

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void filter_nothingSaysThatLimitsAreWanted_isNotRegistered() {
        runner.run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_enabled_limitsByAddress() {
        runner.withPropertyValues("millpond.rate-limit.enabled=true").run(context -> {
            MockHttpServletResponse response = respond(context, "/orders", null);
            assertThat(response.getHeader("RateLimit")).isEqualTo("\"free\";r=11;t=6");
            assertThat(response.getHeader("RateLimit-Policy")).isEqualTo("\"free\";q=10;w=60;millpond-burst=2");
        });
    }

    @Test
    void filter_tierResolver_isRegistered() {
        runner.withBean(TierResolver.class, () -> key -> Optional.of(Tier.PRO))
                .run(context -> assertThat(
                                respond(context, "/orders", "some-key").getHeader("RateLimit"))
                        .startsWith("\"pro\""));
    }

    @Test
    void filter_tierInTheProperties_isRegistered() {
        runner.withPropertyValues("millpond.rate-limit.tiers.free.limit=1").run(context -> {
            assertThat(respond(context, "/orders", null).getStatus()).isEqualTo(200);
            assertThat(respond(context, "/orders", null).getStatus()).isEqualTo(429);
        });
    }

    @Test
    void filter_disabledByProperty_isNotRegistered() {
        runner.withPropertyValues("millpond.rate-limit.enabled=false", "millpond.rate-limit.tiers.free.limit=1")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_millpondDisabled_isNotRegistered() {
        runner.withPropertyValues("millpond.enabled=false", "millpond.rate-limit.enabled=true")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_ofTheApplication_wins() {
        runner.withPropertyValues("millpond.rate-limit.enabled=true")
                .withBean(
                        RateLimitFilter.class,
                        () -> RateLimitFilter.builder(RateLimiter.builder().build())
                                .build())
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_noWebApplication_isNotRegistered() {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues("millpond.rate-limit.enabled=true")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_withoutServletFilters_isNotRegistered() {
        runner.withClassLoader(new FilteredClassLoader(RateLimitFilter.class))
                .withPropertyValues("millpond.rate-limit.enabled=true")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_excludedPath_isNotLimited() {
        runner.withPropertyValues("millpond.rate-limit.paths=/api/**", "millpond.rate-limit.excluded-paths=/api/health")
                .run(context -> {
                    assertThat(respond(context, "/api/orders", null).getHeader("RateLimit"))
                            .isNotNull();
                    assertThat(respond(context, "/api/health", null).getHeader("RateLimit"))
                            .isNull();
                    assertThat(respond(context, "/index.html", null).getHeader("RateLimit"))
                            .isNull();
                });
    }

    @Test
    void filter_dialect_isWhatResponsesSpeak() {
        runner.withPropertyValues("millpond.rate-limit.header-dialect=x-ratelimit-delta")
                .run(context -> assertThat(respond(context, "/orders", null).getHeader("X-RateLimit-Remaining"))
                        .isEqualTo("11"));
    }

    @Test
    void filter_severalSourcesOfKeys_areAllRead() {
        runner.withBean(TierResolver.class, () -> key -> Optional.of(Tier.PRO))
                .withPropertyValues("millpond.rate-limit.client-key=header:Api-Key,bearer,principal")
                .run(context -> {
                    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");
                    request.addHeader("Authorization", "Bearer some-key");
                    assertThat(respond(context, request).getHeader("RateLimit")).startsWith("\"pro\"");
                });
    }

    @Test
    void filter_trustedProxy_isBelieved() {
        runner.withPropertyValues(
                        "millpond.rate-limit.trusted-proxies=127.0.0.1", "millpond.rate-limit.tiers.free.limit=1")
                .run(context -> {
                    assertThat(respond(context, forwardedFor("192.0.2.1")).getStatus())
                            .isEqualTo(200);
                    assertThat(respond(context, forwardedFor("192.0.2.2")).getStatus())
                            .isEqualTo(200);
                    assertThat(respond(context, forwardedFor("192.0.2.1")).getStatus())
                            .isEqualTo(429);
                });
    }

    @Test
    void filter_proxiesOfTheWebServerToo_isWarnedAbout(CapturedOutput output) {
        runner.withPropertyValues(
                        "millpond.rate-limit.trusted-proxies=127.0.0.1", "server.forward-headers-strategy=native")
                .run(context -> assertThat(output)
                        .containsOnlyOnce("Property 'server.forward-headers-strategy' is 'native' and"));
    }

    @Test
    void filter_trustedProxyByName_stopsTheStart() {
        runner.withPropertyValues("millpond.rate-limit.trusted-proxies=proxy.example")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("Property 'millpond.rate-limit.trusted-proxies' is refused: ")
                        .hasStackTraceContaining("Give addresses or networks such as 10.0.0.0/8."));
    }

    @Test
    void filter_customizer_setsWhatARequestCosts() {
        runner.withPropertyValues("millpond.rate-limit.enabled=true")
                .withBean(RateLimitFilterBuilderCustomizer.class, () -> builder -> builder.cost(request -> 5))
                .run(context -> assertThat(respond(context, "/orders", null).getHeader("RateLimit"))
                        .startsWith("\"free\";r=7"));
    }

    @ParameterizedTest
    @CsvSource({"200, 10", "304, 11", "500, 11", "503, 11", "404, 10"})
    void filter_refundOnStatus_givesBackByStatus(int status, long leftAfterwards) {
        runner.withPropertyValues(
                        "millpond.rate-limit.refund-on-status=304,5xx", "millpond.rate-limit.tiers.free.limit=12")
                .run(context -> {
                    respond(context, status);
                    assertThat(respond(context, "/orders", null).getHeader("RateLimit"))
                            .startsWith("\"free\";r=" + leftAfterwards);
                });
    }

    private static void respond(AssertableWebApplicationContext context, int status) throws Exception {
        Filter filter = registration(context).getFilter();
        assertThat(filter).isNotNull();
        filter.doFilter(
                new MockHttpServletRequest("GET", "/orders"),
                new MockHttpServletResponse(),
                (request, response) -> ((HttpServletResponse) response).setStatus(status));
    }

    @Test
    void filter_unknownKeysRefused_answers401() {
        runner.withPropertyValues(
                        "millpond.rate-limit.unknown-keys=refuse",
                        "millpond.rate-limit.clients.acme.key=key-of-acme",
                        "millpond.rate-limit.clients.acme.tier=pro")
                .run(context -> {
                    assertThat(respond(context, "/orders", "made-up").getStatus())
                            .isEqualTo(401);
                    assertThat(respond(context, "/orders", "key-of-acme").getStatus())
                            .isEqualTo(200);
                    assertThat(respond(context, "/orders", null).getStatus()).isEqualTo(200);
                });
    }

    @Test
    void filter_order_isRightAfterSpringSecurityOrAsSet() {
        runner.withPropertyValues("millpond.rate-limit.enabled=true")
                .run(context -> assertThat(registration(context).getOrder()).isEqualTo(-90));
        runner.withPropertyValues("millpond.rate-limit.filter-order=5")
                .run(context -> assertThat(registration(context).getOrder()).isEqualTo(5));
    }

    private static MockHttpServletRequest forwardedFor(String client) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");
        request.addHeader("X-Forwarded-For", client);
        return request;
    }

    private static MockHttpServletResponse respond(
            AssertableWebApplicationContext context, String path, @Nullable String key) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        if (key != null) {
            request.addHeader("X-API-Key", key);
        }
        return respond(context, request);
    }

    private static MockHttpServletResponse respond(
            AssertableWebApplicationContext context, MockHttpServletRequest request) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        Filter filter = registration(context).getFilter();
        assertThat(filter).isNotNull();
        filter.doFilter(request, response, new MockFilterChain());
        return response;
    }

    private static FilterRegistrationBean<?> registration(AssertableWebApplicationContext context) {
        return context.getBean(FilterRegistrationBean.class);
    }
}
