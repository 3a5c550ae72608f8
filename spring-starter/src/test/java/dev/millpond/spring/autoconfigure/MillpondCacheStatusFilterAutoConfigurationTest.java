package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.servlet.CacheStatusFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

final class MillpondCacheStatusFilterAutoConfigurationTest {

    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            MillpondCacheAutoConfiguration.class, MillpondCacheStatusFilterAutoConfiguration.class);

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void filter_notAskedFor_isNotRegistered() {
        runner.run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_askedFor_tellsOfTheCachesOfTheRegistry() {
        runner.withPropertyValues("millpond.cache.status-field=true").run(context -> {
            Cache<String, Integer> cache = context.getBean(CacheRegistry.class)
                    .newCache("numbers", Integer.class)
                    .build();
            Filter filter = Objects.requireNonNull(
                    context.getBean(FilterRegistrationBean.class).getFilter());
            MockHttpServletResponse response = new MockHttpServletResponse();

            filter.doFilter(new MockHttpServletRequest(), response, new MockFilterChain(new ReadingServlet(cache)));

            assertThat(response.getHeader("Cache-Status")).startsWith("\"numbers\";fwd=miss");
        });
    }

    @Test
    void filter_millpondDisabled_isNotRegistered() {
        runner.withPropertyValues("millpond.cache.status-field=true", "millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_ofTheApplication_wins() {
        runner.withPropertyValues("millpond.cache.status-field=true")
                .withBean(
                        CacheStatusFilter.class,
                        () -> CacheStatusFilter.of(CacheRegistry.builder().build()))
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_noWebApplication_isNotRegistered() {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues("millpond.cache.status-field=true")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_withoutServletFilters_isNotRegistered() {
        runner.withClassLoader(new FilteredClassLoader(CacheStatusFilter.class))
                .withPropertyValues("millpond.cache.status-field=true")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void filter_valueThatIsNoBoolean_stopsTheStart() {
        runner.withPropertyValues("millpond.cache.status-field=perhaps")
                .run(context ->
                        assertThat(context.getStartupFailure()).hasStackTraceContaining("millpond.cache.status-field"));
    }

    @SuppressWarnings("serial")
    private static final class ReadingServlet extends HttpServlet {

        private final transient Cache<String, Integer> cache;

        ReadingServlet(Cache<String, Integer> cache) {
            this.cache = cache;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            cache.get("one", key -> 1);
        }
    }
}
