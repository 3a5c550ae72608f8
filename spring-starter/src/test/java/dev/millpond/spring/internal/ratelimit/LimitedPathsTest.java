package dev.millpond.spring.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.spring.RateLimitProperties;
import jakarta.servlet.http.MappingMatch;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletMapping;
import org.springframework.mock.web.MockHttpServletRequest;

final class LimitedPathsTest {

    private static final LimitedPaths PATHS = paths("/api/**", "/api/health,/api/docs/**");

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/orders", "/api/orders/1", "/api/healthy", "/api;v=1/orders"})
    void contains_includedPath_isTrue(String path) {
        assertThat(PATHS.contains(request(path))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/api/health", "/api/docs", "/api/docs/a/b", "/api/docs/"})
    void contains_otherOrExcludedPath_isFalse(String path) {
        assertThat(PATHS.contains(request(path))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/docs/../orders",
                "/api/docs/%2e%2e/orders",
                "/api/docs/./x",
                "/public/../api/orders",
                "//api/orders",
                "/static//x",
                "/api/docs/..;x=1/orders",
                "/;/api/orders",
                "/static/;a=b/x",
                "/static%2Fx",
                "/static%5Cx",
                "/static/%2",
                "/api/docs/..%2Forders"
            })
    void contains_pathThatTheContainerRewrites_isTrue(String path) {
        assertThat(PATHS.contains(request(path))).isTrue();
    }

    @Test
    void contains_byDefault_isTrueForAllPaths() {
        assertThat(paths("/**", "").contains(request("/anything"))).isTrue();
    }

    @Test
    void contains_contextPath_isLeftOut() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/shop/api/orders");
        request.setContextPath("/shop");

        assertThat(PATHS.contains(request)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"//shop/static/x", "/shop;a=b/static/x", "/public/../shop/static/x"})
    void contains_contextPathSpelledOtherwise_isTrue(String path) {
        MockHttpServletRequest request = request(path);
        request.setContextPath("/shop");
        request.setServletPath("/static");
        request.setPathInfo("/x");

        assertThat(PATHS.contains(request)).isTrue();
    }

    @Test
    void contains_servletMappedByPath_isPartOfThePath() {
        MockHttpServletRequest request = request("/api/health");
        request.setServletPath("/api");
        request.setPathInfo("/health");
        request.setHttpServletMapping(new MockHttpServletMapping("health", "/api/*", "api", MappingMatch.PATH));

        assertThat(paths("/**", "/health").contains(request)).isTrue();
        assertThat(paths("/api/**", "").contains(request)).isTrue();
    }

    @Test
    void of_patternThatCannotBeRead_namesThePropertyAndTheFix() {
        assertThatThrownBy(() -> paths("/api/**/x/{", ""))
                .hasMessageStartingWith(
                        "Property 'millpond.rate-limit.paths' has the pattern '/api/**/x/{', which is not a path pattern: ")
                .hasMessageEndingWith(" Use patterns such as '/api/**'.");
    }

    private static MockHttpServletRequest request(String path) {
        return new MockHttpServletRequest("GET", path);
    }

    private static LimitedPaths paths(String included, String excluded) {
        Map<String, String> properties = new HashMap<>();
        properties.put("limits.paths", included);
        properties.put("limits.excluded-paths", excluded);
        return LimitedPaths.of(new Binder(new MapConfigurationPropertySource(properties))
                .bind("limits", RateLimitProperties.class)
                .get());
    }
}
