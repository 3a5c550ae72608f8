package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.servlet.CorrelationFilter;
import dev.millpond.spring.MillpondProperties;
import jakarta.servlet.DispatcherType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

final class MillpondCorrelationFilterAutoConfigurationTest {

    private static final AutoConfigurations CONFIGURATIONS =
            AutoConfigurations.of(MillpondCorrelationFilterAutoConfiguration.class);

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void filter_byDefault_putsTheIdIntoTheLoggingContextOfEachDispatch() {
        runner.run(context -> {
            FilterRegistrationBean<?> registration = context.getBean(FilterRegistrationBean.class);
            MockHttpServletRequest request = new MockHttpServletRequest();
            request.addHeader("X-Correlation-ID", "order-7");
            List<String> seen = new ArrayList<>();

            Objects.requireNonNull(registration.getFilter())
                    .doFilter(request, new MockHttpServletResponse(), (in, out) -> seen.add(MDC.get("correlationId")));

            assertThat(seen).containsExactly("order-7");
            assertThat(registration.determineDispatcherTypes())
                    .isEqualTo(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"millpond.enabled=false", "millpond.correlation-id=false"})
    void filter_turnedOff_isNotRegistered(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_ofTheApplication_wins() {
        runner.withBean(CorrelationFilter.class, CorrelationFilter::create)
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_noWebApplication_isNotRegistered() {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_withoutServletFilters_isNotRegistered() {
        runner.withClassLoader(new FilteredClassLoader(CorrelationFilter.class))
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void property_valueThatIsNoBoolean_stopsTheStart() {
        runner.withUserConfiguration(Properties.class)
                .withPropertyValues("millpond.correlation-id=perhaps")
                .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining("correlation-id"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MillpondProperties.class)
    static class Properties {}
}
