package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request is given back when its response has ended, however it ends. */
@ParameterizedClass
@EnumSource
class RefundIT {

    private final FakeRateLimiter limiter = FakeRateLimiter.allowing();
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final RateLimitFilter filter = RateLimitFilter.builder(limiter)
            .cost(request -> 3)
            .refundWhen(status -> {
                statuses.add(status);
                return status == 304 || status >= 500;
            })
            .build();

    private final Container container;

    RefundIT(Container container) {
        this.container = container;
    }

    /** Returns what an application does, the status that the client gets, and the one that decides on the refund. */
    static Stream<Arguments> endings() {
        return Stream.of(
                ending(
                        "answers",
                        200,
                        (request, response) -> response.getWriter().print("hello")),
                ending("says that nothing changed", 304, (request, response) -> response.setStatus(304)),
                ending("reports an error", 503, (request, response) -> response.sendError(503)),
                ending("reports the client's mistake", 404, (request, response) -> response.sendError(404)),
                ending("throws", 500, (request, response) -> {
                    throw new IllegalStateException("broken");
                }),
                ending("throws a ServletException", 500, (request, response) -> {
                    throw new ServletException("broken");
                }),
                ending("completes later", 200, (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.start(context::complete);
                }),
                ending("completes later with an error", 503, (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.start(() -> {
                        response.setStatus(503);
                        context.complete();
                    });
                }),
                ending("completes before it returns", 502, (request, response) -> {
                    AsyncContext context = request.startAsync();
                    response.setStatus(502);
                    context.complete();
                }),
                ending("dispatches to an error", 500, dispatched((request, response) -> response.sendError(500))),
                ending("dispatches to what throws", 500, dispatched((request, response) -> {
                    throw new IllegalStateException("broken");
                })),
                ending("dispatches to nothing new", 304, dispatched((request, response) -> response.setStatus(304))),
                ending("goes asynchronous again", 503, dispatched((request, response) -> {
                    AsyncContext again = request.startAsync();
                    again.start(() -> {
                        response.setStatus(503);
                        again.complete();
                    });
                })),
                ending(
                        "times out",
                        500,
                        (request, response) -> request.startAsync().setTimeout(100)),
                ending("times out with an answer of its own", 504, (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.setTimeout(100);
                    context.addListener(new AnswerOnTimeout(response));
                }));
    }

    private static Arguments ending(String name, int status, Application application) {
        return Arguments.of(name, status, application);
    }

    private static Application dispatched(Application then) {
        return (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                then.serve(request, response);
            } else {
                request.startAsync().dispatch();
            }
        };
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("endings")
    void response_ends_isRefundedOnceByItsStatus(String name, int status, Application application) throws Exception {
        try (WebServer server = container.start(new WebApp().filter(filter).servlet("/work", application))) {
            assertThat(server.get("/work").statusCode()).isEqualTo(status);
            await().untilAsserted(() -> assertThat(statuses).containsExactly(status));
        }
        assertThat(statuses).as("also after the server has stopped").hasSize(1);
        assertThat(limiter.refunds)
                .hasSize(status == 304 || status >= 500 ? 1 : 0)
                .allMatch(tokens -> tokens == 3);
        assertThat(limiter.costs).containsExactly(3L);
    }

    @Test
    void errorPage_thatAnswersOtherwise_doesNotChangeTheRefund() throws Exception {
        WebApp app = new WebApp()
                .filter(filter)
                .servlet("/work", (request, response) -> response.sendError(503))
                .servlet("/error", (request, response) -> response.getWriter().print("sorry"))
                .errorPage("/error");
        try (WebServer server = container.start(app)) {
            assertThat(server.get("/work").body()).isEqualTo("sorry");
            await().untilAsserted(() -> assertThat(limiter.refunds).hasSize(1));
        }
        assertThat(limiter.refunds).hasSize(1);
    }

    @Test
    void denied_whateverTheStatuses_isNotRefunded() throws Exception {
        FakeRateLimiter denying = FakeRateLimiter.denying();
        AtomicInteger asked = new AtomicInteger();
        RateLimitFilter all = RateLimitFilter.builder(denying)
                .refundWhen(status -> asked.incrementAndGet() > 0)
                .build();
        try (WebServer server = container.start(new WebApp().filter(all).servlet("/work", (request, response) -> {}))) {
            assertThat(server.get("/work").statusCode()).isEqualTo(429);
        }
        assertThat(asked).hasValue(0);
        assertThat(denying.refunds).isEmpty();
    }

    @Test
    void registeredTwice_isRefundedOnce() throws Exception {
        WebApp app = new WebApp()
                .filter(filter)
                .filter(RateLimitFilter.builder(limiter)
                        .refundWhen(status -> true)
                        .build())
                .servlet("/work", (request, response) -> response.setStatus(500));
        try (WebServer server = container.start(app)) {
            assertThat(server.get("/work").statusCode()).isEqualTo(500);
            await().untilAsserted(() -> assertThat(limiter.refunds).hasSize(1));
        }
        assertThat(limiter.refunds).hasSize(1);
    }

    /** Answers 504 when the time is over, as an application may. */
    private record AnswerOnTimeout(HttpServletResponse response) implements AsyncListener {

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            response.setStatus(504);
            event.getAsyncContext().complete();
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
