package dev.millpond.servlet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A request is in flight until its response has ended, however it ends. */
@ParameterizedClass
@EnumSource
class InFlightIT {

    private final RateLimiter limiter = RateLimiter.builder()
            .defaultTier(Tier.of("one", RateLimit.perSecond(10_000)).withInFlight(1))
            .build();
    private final AtomicReference<HttpResponse<String>> meanwhile = new AtomicReference<>();
    private final AtomicReference<WebServer> running = new AtomicReference<>();

    private final Container container;

    InFlightIT(Container container) {
        this.container = container;
    }

    @AfterEach
    void closeLimiter() {
        limiter.close();
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                ending("returns", 200, (request, response, another) -> another.run()),
                ending("throws", 500, (request, response, another) -> {
                    another.run();
                    throw new IllegalStateException("broken");
                }),
                ending("completes later", 200, (request, response, another) -> {
                    AsyncContext context = request.startAsync();
                    context.start(() -> {
                        another.run();
                        context.complete();
                    });
                }),
                ending("times out", 500, (request, response, another) -> {
                    request.startAsync().setTimeout(100);
                    another.run();
                }));
    }

    private static Arguments ending(String name, int status, Ending application) {
        return Arguments.of(name, status, application);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("endings")
    void request_inFlight_deniesOthersUntilItEnds(String name, int status, Ending application) throws Exception {
        WebApp app = new WebApp()
                .filter(RateLimitFilter.builder(limiter).build())
                .servlet("/idle", (request, response) -> {})
                .servlet("/work", (request, response) -> {
                    application.serve(
                            request,
                            response,
                            () -> meanwhile.set(requireNonNull(running.get()).get("/idle")));
                });
        try (WebServer server = container.start(app)) {
            running.set(server);
            assertThat(server.get("/work").statusCode()).isEqualTo(status);
            HttpResponse<String> denied = requireNonNull(meanwhile.get());
            assertThat(denied.statusCode()).isEqualTo(429);
            assertThat(denied.headers().firstValue("Retry-After")).contains("1");
            assertThat(denied.body()).contains("Plan one allows 1 request at the same time. Retry in 1 s.");
            await().untilAsserted(
                            () -> assertThat(server.get("/idle").statusCode()).isEqualTo(200));
        }
    }

    /** Ends a response, after another request was sent meanwhile. */
    @FunctionalInterface
    interface Ending {

        void serve(HttpServletRequest request, HttpServletResponse response, Runnable another) throws IOException;
    }
}
