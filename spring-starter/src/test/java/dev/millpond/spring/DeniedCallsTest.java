package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.spring.autoconfigure.MillpondDeniedCallsAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRateLimitAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRateLimitedMethodsAutoConfiguration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the clients of a web application get when a call of a limited method was denied. */
final class DeniedCallsTest {

    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            AopAutoConfiguration.class,
            MillpondRateLimitAutoConfiguration.class,
            MillpondRateLimitedMethodsAutoConfiguration.class,
            MillpondDeniedCallsAutoConfiguration.class,
            WebMvcAutoConfiguration.class);

    @ParameterizedTest
    @ValueSource(strings = {"/now", "/later"})
    void request_whoseCallIsDenied_is429WithItsWayOut(String path) {
        new WebApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withBean(Reports.class)
                .withPropertyValues("millpond.rate-limit.tiers.report.limit=1")
                .run(context -> {
                    MockMvc http = MockMvcBuilders.webAppContextSetup(context).build();
                    assertThat(get(http, path).getStatus()).isEqualTo(200);

                    MockHttpServletResponse denied = get(http, path);

                    assertThat(denied.getStatus()).isEqualTo(429);
                    assertThat(denied.getContentType()).isEqualTo("application/problem+json");
                    assertThat(denied.getHeader("Retry-After")).isEqualTo("60");
                    assertThat(denied.getHeader("RateLimit")).isEqualTo("\"report\";r=0;t=60");
                    assertThat(denied.getHeader("RateLimit-Policy")).isEqualTo("\"report\";q=1;w=60");
                    assertThat(denied.getContentAsString())
                            .contains(
                                    "\"status\":429,\"detail\":\"Plan report allows 1 request per 60 s. Retry in 60 s.\"");
                });
    }

    @Test
    void advice_withoutAWebServer_isNotThere() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MillpondRateLimitAutoConfiguration.class, MillpondDeniedCallsAutoConfiguration.class))
                .run(context ->
                        assertThat(context.containsBean("millpondDeniedCalls")).isFalse());
    }

    private static MockHttpServletResponse get(MockMvc http, String path) throws Exception {
        MvcResult result = http.perform(MockMvcRequestBuilders.get(path)).andReturn();
        return result.getRequest().isAsyncStarted()
                ? http.perform(MockMvcRequestBuilders.asyncDispatch(result))
                        .andReturn()
                        .getResponse()
                : result.getResponse();
    }

    @RestController
    static class Reports {

        @GetMapping("/now")
        @RateLimited(tier = "report")
        public String now() {
            return "now";
        }

        @GetMapping("/later")
        @RateLimited(tier = "report")
        public CompletionStage<String> later() {
            return CompletableFuture.completedFuture("later");
        }
    }
}
