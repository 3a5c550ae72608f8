package dev.millpond.spring.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.Tier;
import dev.millpond.servlet.Route;
import dev.millpond.spring.RateLimitProperties;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;

final class RoutesTest {

    private static final Routes ROUTES = routes(Map.of(
            "api.paths", "/api/**",
            "search.paths", "/api/search,/api/find",
            "search.cost", "5",
            "search.tier", "pro",
            "upload.paths", "/api/**",
            "upload.methods", "post,PUT",
            "upload.cost", "10",
            "read.paths", "/items/{id}",
            "read.methods", "GET"));

    @ParameterizedTest
    @CsvSource({
        "GET, /api/orders, api",
        "POST, /api/orders, upload",
        "PUT, /api/orders, upload",
        "GET, /api/search, search",
        "POST, /api/search, search",
        "GET, /api/search;a=b, search",
        "GET, /api/f%69nd, search",
        "GET, /items/7, read",
        "HEAD, /items/7, read"
    })
    void find_matchingPath_isTheMostSpecificRoute(String method, String path, String name) {
        assertThat(ROUTES.find(new MockHttpServletRequest(method, path)))
                .map(Route::name)
                .contains(name);
    }

    @ParameterizedTest
    @CsvSource({"GET, /", "POST, /items/7", "GET, /items/7/x", "get, /items/7"})
    void find_otherPathOrMethod_isNoRoute(String method, String path) {
        assertThat(ROUTES.find(new MockHttpServletRequest(method, path))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"//api/search", "/;/api/search", "/api/./search", "/api//search", "/x/../api/search", "/api%2Fsearch"})
    void find_pathThatTheContainerRewrites_isTheRouteOfWhatItMadeOfIt(String path) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setServletPath("/api");
        request.setPathInfo("/search");

        assertThat(ROUTES.find(request)).map(Route::name).contains("search");
    }

    @Test
    void find_costAndTier_areThoseOfTheProperties() {
        Route search =
                ROUTES.find(new MockHttpServletRequest("GET", "/api/search")).orElseThrow();

        assertThat(search.cost()).hasValue(5);
        assertThat(search.tier()).contains(Tier.PRO);
    }

    @Test
    void of_patternThatCannotBeRead_namesTheProperty() {
        Map<String, String> broken = Map.of("search.paths", "/a/{");

        assertThatThrownBy(() -> routes(broken))
                .hasMessageStartingWith(
                        "Property 'millpond.rate-limit.routes.search.paths' has the pattern '/a/{', which is"
                                + " not a path pattern: ");
    }

    private static Routes routes(Map<String, String> routes) {
        Map<String, String> properties = new HashMap<>();
        routes.forEach((name, value) -> properties.put("limits.routes." + name, value));
        return Routes.of(new Binder(new MapConfigurationPropertySource(properties))
                .bind("limits", RateLimitProperties.class)
                .get());
    }
}
