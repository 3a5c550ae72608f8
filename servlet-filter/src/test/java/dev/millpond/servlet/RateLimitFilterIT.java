package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.servlet.Fields.Member;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource
class RateLimitFilterIT {

    private static final Application HELLO =
            (request, response) -> response.getWriter().print("hello");

    private final FakeRateLimiter limiter = FakeRateLimiter.allowing();
    private final RateLimitFilter filter = RateLimitFilter.builder(limiter)
            .clientKey(ClientKey.header("X-API-Key").or(ClientKey.bearer()))
            .build();
    private final Container container;

    RateLimitFilterIT(Container container) {
        this.container = container;
    }

    private static List<Member> members(HttpResponse<?> response, String field) {
        return Fields.parse(response.headers().allValues(field).toArray(String[]::new));
    }

    @Test
    void allowed_carriesBothFields() throws Exception {
        try (WebServer server = container.start(new WebApp().filter(filter).servlet("/hello", HELLO))) {
            HttpResponse<String> response = server.get("/hello");

            assertThat(response.body()).isEqualTo("hello");
            assertThat(members(response, "RateLimit")).containsExactly(new Member("free", Map.of("r", 11L, "t", 6L)));
            assertThat(members(response, "RateLimit-Policy"))
                    .containsExactly(new Member("free", Map.of("q", 10L, "w", 60L, "millpond-burst", 2L)));
        }
    }

    @Test
    void denied_isAProblemDocument() throws Exception {
        RateLimitFilter denying =
                RateLimitFilter.builder(FakeRateLimiter.denying()).build();
        try (WebServer server = container.start(new WebApp().filter(denying).servlet("/hello", HELLO))) {
            HttpResponse<String> response = server.get("/hello");

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).contains("6");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(members(response, "RateLimit")).containsExactly(new Member("free", Map.of("r", 0L, "t", 6L)));
            JsonNode problem = new JsonMapper().readTree(response.body());
            assertThat(problem.get("status").intValue()).isEqualTo(429);
            assertThat(problem.get("detail").stringValue())
                    .isEqualTo("Plan free allows 10 requests per 60 s plus a burst of 2. Retry in 6 s.");
        }
    }

    @Test
    void denied_head_hasTheFieldsAndLengthButNoBody() throws Exception {
        RateLimitFilter denying =
                RateLimitFilter.builder(FakeRateLimiter.denying()).build();
        try (WebServer server = container.start(new WebApp().filter(denying).servlet("/hello", HELLO))) {
            HttpResponse<String> get = server.get("/hello");
            HttpResponse<String> head =
                    server.send("/hello", request -> request.method("HEAD", BodyPublishers.noBody()));

            assertThat(head.statusCode()).isEqualTo(429);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("Retry-After")).contains("6");
            assertThat(head.headers().firstValue("Content-Length"))
                    .isEqualTo(get.headers().firstValue("Content-Length"))
                    .isPresent();
        }
    }

    @Test
    void differentKeys_is400AndChargesNothing() throws Exception {
        try (WebServer server = container.start(new WebApp().filter(filter).servlet("/hello", HELLO))) {
            HttpResponse<String> twoLines = server.get("/hello", "X-API-Key", "k1", "X-API-Key", "k2");
            HttpResponse<String> twoSources = server.get("/hello", "X-API-Key", "k1", "Authorization", "Bearer k2");

            assertThat(twoLines.statusCode()).isEqualTo(400);
            assertThat(twoSources.statusCode()).isEqualTo(400);
            assertThat(twoSources.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(new JsonMapper().readTree(twoSources.body()).get("title").stringValue())
                    .isEqualTo("Bad Request");
            assertThat(limiter.clients).isEmpty();
        }
    }

    @Test
    void errorPage_isChargedOnceAndKeepsTheFields() throws Exception {
        WebApp app = new WebApp()
                .filter(filter)
                .servlet("/missing", (request, response) -> response.sendError(404))
                .servlet("/error", (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ERROR);
                    response.getWriter().print("not here");
                })
                .errorPage("/error");
        try (WebServer server = container.start(app)) {
            HttpResponse<String> response = server.get("/missing");

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).isEqualTo("not here");
            assertThat(response.headers().firstValue("RateLimit")).contains("\"free\";r=11;t=6");
            assertThat(limiter.clients).hasSize(1);
        }
    }

    @Test
    void forwardAndInclude_areChargedOnce() throws Exception {
        WebApp app = new WebApp()
                .filter(filter)
                .servlet("/part", HELLO)
                .servlet(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/part").forward(request, response))
                .servlet(
                        "/include",
                        (request, response) ->
                                request.getRequestDispatcher("/part").include(request, response));
        try (WebServer server = container.start(app)) {
            assertThat(server.get("/forward").body()).isEqualTo("hello");
            assertThat(limiter.clients).hasSize(1);

            assertThat(server.get("/include").body()).isEqualTo("hello");
            assertThat(limiter.clients).hasSize(2);
        }
    }

    @Test
    void asyncDispatch_isChargedOnce() throws Exception {
        WebApp app = new WebApp().filter(filter).servlet("/later", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().print("later");
            } else {
                AsyncContext context = request.startAsync();
                context.start(context::dispatch);
            }
        });
        try (WebServer server = container.start(app)) {
            HttpResponse<String> response = server.get("/later");

            assertThat(response.body()).isEqualTo("later");
            assertThat(members(response, "RateLimit")).hasSize(1);
            assertThat(limiter.clients).hasSize(1);
        }
    }

    @Test
    void registeredTwice_isChargedOnce() throws Exception {
        WebApp app = new WebApp()
                .filter(filter)
                .filter(RateLimitFilter.builder(limiter).build())
                .servlet("/hello", HELLO);
        try (WebServer server = container.start(app)) {
            assertThat(members(server.get("/hello"), "RateLimit")).hasSize(1);
            assertThat(limiter.clients).hasSize(1);
        }
    }

    @Test
    void preflight_isNotCharged() throws Exception {
        try (WebServer server = container.start(new WebApp().filter(filter).servlet("/hello", HELLO))) {
            HttpResponse<String> response = server.send(
                    "/hello",
                    request -> request.method("OPTIONS", BodyPublishers.noBody())
                            .header("Origin", "https://app.example")
                            .header("Access-Control-Request-Method", "PUT"));

            assertThat(response.headers().firstValue("RateLimit")).isEmpty();
            assertThat(limiter.clients).isEmpty();
        }
    }

    @Test
    void corsFilterBefore_fieldsAreExposed() throws Exception {
        Filter cors = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("Access-Control-Allow-Origin", "https://app.example");
            chain.doFilter(request, response);
        };
        try (WebServer server =
                container.start(new WebApp().filter(cors).filter(filter).servlet("/hello", HELLO))) {
            assertThat(server.get("/hello", "Origin", "https://app.example")
                            .headers()
                            .allValues("Access-Control-Expose-Headers"))
                    .containsExactly("RateLimit, RateLimit-Policy");
        }
    }

    @Test
    void skipAndCost_followTheRequest() throws Exception {
        RateLimitFilter choosy = RateLimitFilter.builder(limiter)
                .skip(request -> request.getRequestURI().equals("/health"))
                .cost(request -> request.getMethod().equals("POST") ? 5 : 1)
                .build();
        WebApp app = new WebApp().filter(choosy).servlet("/hello", HELLO).servlet("/health", HELLO);
        try (WebServer server = container.start(app)) {
            assertThat(server.get("/health").headers().firstValue("RateLimit")).isEmpty();
            assertThat(server.get("/hello").headers().firstValue("RateLimit")).isPresent();
            server.send("/hello", request -> request.POST(BodyPublishers.ofString("x")));

            assertThat(limiter.costs).containsExactly(1L, 5L);
        }
    }

    @Test
    void applicationThatSendsEarly_keepsTheFields() throws Exception {
        WebApp app = new WebApp().filter(filter).servlet("/early", (request, response) -> {
            response.getWriter().print("early");
            response.flushBuffer();
            assertThat(RateLimitFilter.decisionOf(request)).isPresent();
        });
        try (WebServer server = container.start(app)) {
            HttpResponse<String> response = server.get("/early");

            assertThat(response.body()).isEqualTo("early");
            assertThat(members(response, "RateLimit")).hasSize(1);
        }
    }
}
