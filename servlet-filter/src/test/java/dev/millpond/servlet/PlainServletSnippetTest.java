package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheHealth;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitHealth;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.runtime.HealthMonitor;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switches;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlainServletSnippetTest {

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    // @start region="register"
    static void register(ServletContext context, RateLimiter limiter, CacheRegistry caches) {
        RateLimitFilter limits = RateLimitFilter.builder(limiter)
                .clientKey(ClientKey.header("X-API-Key").or(ClientKey.bearer()))
                .skip(request -> request.getServletPath().equals("/health"))
                .cost(request -> request.getMethod().equals("GET") ? 1 : 5)
                .trustedProxies("10.0.0.0/8", "fd00::/8")
                .build();
        FilterRegistration.Dynamic limiting = context.addFilter("rateLimit", limits);
        limiting.setAsyncSupported(true);
        limiting.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");

        FilterRegistration.Dynamic telling = context.addFilter("cacheStatus", CacheStatusFilter.of(caches));
        telling.setAsyncSupported(true);
        telling.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    }
    // @end

    // @start region="health"
    static HealthMonitor tellHealth(
            ServletContext context, RedisConnection redis, CacheRegistry caches, RateLimitHealth limits) {
        HealthMonitor health = HealthMonitor.builder()
                .redis(redis) // leave it out for one process
                .source(CacheHealth.of(caches))
                .source(limits) // also given to RateLimiter.builder().listener(…)
                .build(); // close it at the end
        context.addServlet("health", new HealthServlet(health)).addMapping("/health");
        return health;
    }
    // @end

    // @start region="switches"
    static void letOperatorsSwitch(ServletContext context, Switches switches) {
        SwitchServlet servlet = new SwitchServlet(switches, request -> request.isUserInRole("operator"));
        context.addServlet("switches", servlet).addMapping("/switches");
    }
    // @end

    // @start region="jobs"
    static void letOperatorsSeeJobs(ServletContext context, Jobs jobs) {
        JobServlet servlet = new JobServlet(jobs, request -> request.isUserInRole("operator"));
        context.addServlet("jobs", servlet).addMapping("/jobs");
    }
    // @end

    // @start region="client-key"
    private static final ClientKey KEY =
            ClientKey.header("X-API-Key").or(ClientKey.bearer()).or(ClientKey.principal());
    // @end

    static RateLimitFilter withRoutes(RateLimiter limiter) {
        // @start region="route"
        Route search = Route.named("search").costing(5).within(Tier.of("search", RateLimit.perMinute(30)));
        return RateLimitFilter.builder(limiter)
                .route(request -> request.getServletPath().equals("/search") ? Optional.of(search) : Optional.empty())
                .build();
        // @end
    }

    private static final Application STANDINGS = (request, response) -> {
        // @start region="decision"
        RateLimitFilter.decisionOf(request)
                .ifPresent(
                        decision -> request.setAttribute("tier", decision.tier().name()));
        // @end
        response.getWriter().print(request.getAttribute("tier"));
    };

    @Test
    void register_inAServer_limitsAndTells() throws Exception {
        FakeRateLimiter limiter = FakeRateLimiter.allowing();
        FakeCacheRegistry caches = new FakeCacheRegistry();
        WebApp app = new WebApp()
                .with(context -> register(context, limiter, caches))
                .servlet("/standings", (request, response) -> {
                    caches.hit("standings", 9);
                    STANDINGS.serve(request, response);
                })
                .servlet("/health", (request, response) -> response.getWriter().print("up"));
        try (WebServer server = Container.TOMCAT.start(app)) {
            HttpResponse<String> response = server.get("/standings", "X-API-Key", "demo-free");

            assertThat(response.body()).isEqualTo("free");
            assertThat(response.headers().firstValue("RateLimit")).isPresent();
            assertThat(response.headers().firstValue("Cache-Status")).contains("\"standings\";hit;ttl=9;detail=LOCAL");
            assertThat(server.get("/health").headers().firstValue("RateLimit")).isEmpty();
        }
    }

    @Test
    void letOperatorsSwitch_somebodyElse_isForbidden() throws Exception {
        try (Switches switches = Switches.builder().build();
                WebServer server =
                        Container.TOMCAT.start(new WebApp().with(context -> letOperatorsSwitch(context, switches)))) {
            assertThat(server.get("/switches").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void letOperatorsSeeJobs_somebodyElse_isForbidden() throws Exception {
        try (Jobs jobs = Jobs.builder().build();
                WebServer server =
                        Container.TOMCAT.start(new WebApp().with(context -> letOperatorsSeeJobs(context, jobs)))) {
            assertThat(server.get("/jobs").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void withRoutes_search_costsMore() throws Exception {
        FakeRateLimiter limiter = FakeRateLimiter.allowing();
        WebApp app = new WebApp()
                .filter(withRoutes(limiter))
                .servlet("/search", (request, response) -> response.getWriter().print("found"))
                .servlet("/", (request, response) -> response.getWriter().print("other"));
        try (WebServer server = Container.JETTY.start(app)) {
            assertThat(server.get("/search;a=b").body()).isEqualTo("found");
            assertThat(server.get("/standings").body()).isEqualTo("other");
            assertThat(limiter.costs).containsExactly(5L, 1L);
        }
    }

    @Test
    void clientKey_principalLast_isAskedLast() {
        assertThat(KEY.extract(new FakeRequest().user("alice"))).containsExactly("alice");
    }

    @Test
    void documentation_javaBlocks_areThoseOfThisClass() throws IOException {
        String here = withoutSpace(
                Files.readString(Path.of("src/test/java/dev/millpond/servlet/PlainServletSnippetTest.java")));
        List<String> blocks = JAVA_BLOCK
                .matcher(Files.readString(Path.of("../docs/http.md")))
                .results()
                .map(block -> withoutSpace(block.group(1)))
                .toList();

        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(here).contains(block));
    }

    /* The formatter breaks lines by their indentation, which differs. */
    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
