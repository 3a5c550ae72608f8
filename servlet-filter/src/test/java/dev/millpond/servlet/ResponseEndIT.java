package dev.millpond.servlet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.Permit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The less usual ways in which a response ends: until then the request is in flight, and then it is asked once whether
 * it gets its tokens back, by the status that the client sees.
 */
@ParameterizedClass
@EnumSource
class ResponseEndIT {

    private static final int FINE = 207;

    private final RateLimiter limiter = RateLimiter.builder()
            .defaultTier(Tier.of("one", RateLimit.perSecond(10_000)).withInFlight(1))
            .build();
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Boolean> othersPassed = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> endings = new LinkedHashMap<>();
    private final AtomicReference<WebServer> running = new AtomicReference<>();
    private final Container container;

    ResponseEndIT(Container container) {
        this.container = container;
    }

    @BeforeEach
    void start() throws Exception {
        WebApp app = new WebApp()
                .filter(RateLimitFilter.builder(limiter)
                        .refundWhen(status -> {
                            statuses.add(status);
                            return status >= 500;
                        })
                        .build())
                .errorPage("/error")
                .servlet("/error", this::errorPage)
                .servlet("/fine", (request, response) -> answer(response))
                .servlet("/later", this::answerLater)
                .servlet("/fails", (request, response) -> fail(response))
                .servlet("/throws", (request, response) -> breakDown());
        addSynchronous(app);
        addAsynchronous(app);
        addListening(app);
        app.servlet("/endless", this::writeUntilTheClientIsGone);
        running.set(container.start(app));
    }

    @AfterEach
    void stop() {
        server().close();
        limiter.close();
    }

    private WebServer server() {
        return requireNonNull(running.get());
    }

    private void addSynchronous(WebApp app) {
        ending(app, "/forwards", FINE, (request, response) -> forward(request, response, "/fine"));
        ending(app, "/forwards-to-later", FINE, (request, response) -> forward(request, response, "/later"));
        ending(app, "/forwards-to-failure", 503, (request, response) -> forward(request, response, "/fails"));
        ending(app, "/forwards-to-what-throws", 500, (request, response) -> forward(request, response, "/throws"));
        ending(app, "/fails-with-an-asynchronous-page", 503, (request, response) -> fail(response));
    }

    private static void forward(HttpServletRequest request, HttpServletResponse response, String path)
            throws IOException, ServletException {
        request.getRequestDispatcher(path).forward(request, response);
    }

    private void addAsynchronous(WebApp app) {
        ending(
                app,
                "/dispatches",
                FINE,
                (request, response) -> request.startAsync().dispatch("/fine"));
        ending(
                app,
                "/dispatches-to-later",
                FINE,
                (request, response) -> request.startAsync().dispatch("/later"));
        ending(
                app,
                "/dispatches-to-failure",
                503,
                (request, response) -> request.startAsync().dispatch("/fails"));
        ending(app, "/dispatches-later-to-what-throws", 500, (request, response) -> {
            AsyncContext context = request.startAsync();
            context.start(() -> context.dispatch("/throws"));
        });
        ending(app, "/completes-before-it-returns", FINE, (request, response) -> {
            answer(response);
            AsyncContext context = request.startAsync();
            CountDownLatch completed = new CountDownLatch(1);
            context.start(() -> {
                context.complete();
                completed.countDown();
            });
            waitFor(completed);
        });
    }

    private void addListening(WebApp app) {
        ending(app, "/times-out", 500, (request, response) -> {
            look();
            request.startAsync().setTimeout(50);
        });
        ending(app, "/dispatches-when-it-times-out", FINE, (request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(50);
            context.addListener(new Reacting(event -> event.getAsyncContext().dispatch("/fine"), event -> {}));
        });
        ending(app, "/completes-when-it-breaks", 500, (request, response) -> {
            AsyncContext context = request.startAsync();
            context.addListener(
                    new Reacting(event -> {}, event -> event.getAsyncContext().complete()));
            context.dispatch("/throws");
        });
    }

    private void ending(WebApp app, String path, int status, Application application) {
        endings.put(path, status);
        app.servlet(path, application);
    }

    private void answer(HttpServletResponse response) {
        look();
        response.setStatus(FINE);
    }

    private void answerLater(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync();
        context.start(() -> {
            answer(response);
            context.complete();
        });
    }

    private void fail(HttpServletResponse response) throws IOException {
        look();
        response.sendError(503);
    }

    private void breakDown() {
        look();
        throw new IllegalStateException("broken");
    }

    private void errorPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI).equals("/fails-with-an-asynchronous-page")) {
            AsyncContext context = request.startAsync();
            context.start(context::complete);
        } else {
            response.getWriter().print("sorry");
        }
    }

    private void writeUntilTheClientIsGone(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync();
        context.start(() -> {
            look();
            try {
                while (!response.getWriter().checkError()) {
                    response.getWriter().print("more");
                }
                context.complete();
            } catch (IOException | IllegalStateException e) {
                throw new IllegalStateException("the container has ended the request itself", e);
            }
        });
    }

    private static void waitFor(CountDownLatch completed) {
        try {
            completed.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConditionFactory soon(String what) {
        return await(what).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    /** Sees whether another request would pass at the moment. */
    private void look() {
        othersPassed.add(placeIsFree());
    }

    private boolean placeIsFree() {
        RateLimitDecision decision = limiter.tryAcquire(Client.ofAddress("127.0.0.1"), 1);
        decision.permit().ifPresent(Permit::release);
        return decision.allowed();
    }

    @Test
    void request_howeverItEnds_isInFlightUntilThenAndAskedOnceForItsRefund() {
        endings.forEach((path, status) -> {
            statuses.clear();
            othersPassed.clear();
            assertThat(server().get(path).statusCode()).as(path).isEqualTo(status);
            assertThat(othersPassed).as("others during %s", path).containsExactly(false);
            soon(path).until(this::placeIsFree);
            soon(path).untilAsserted(() -> assertThat(statuses).containsExactly(status));
        });
    }

    @Test
    void request_clientHangsUp_isNoLongerInFlightAndNotRefunded() throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            client.setSoLinger(true, 0);
            client.getOutputStream().write("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
        soon("client has hung up").until(this::placeIsFree);
        assertThat(othersPassed).containsExactly(false);
        assertThat(statuses).allMatch(status -> status == 200);
    }

    /** What an application does when an asynchronous request times out, or breaks. */
    private record Reacting(Reaction timeout, Reaction error) implements AsyncListener {

        interface Reaction {
            void to(AsyncEvent event) throws IOException;
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            timeout.to(event);
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            error.to(event);
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
