package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.servlet.Fields.Member;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class CacheStatusFilterIT {

    private static final Member HIT = new Member("standings", Map.of("hit", true, "ttl", 9L, "detail", "LOCAL"));
    private static final Member OTHER_HIT = new Member("matches", Map.of("hit", true, "ttl", 8L, "detail", "LOCAL"));
    private static final Member LOAD =
            new Member("h2h", Map.of("fwd", "miss", "stored", true, "ttl", 600L, "detail", "LOADER"));

    private final FakeCacheRegistry caches = new FakeCacheRegistry();
    private final Container container;

    CacheStatusFilterIT(Container container) {
        this.container = container;
    }

    private WebApp app() {
        return new WebApp().filter(CacheStatusFilter.of(caches));
    }

    private static List<Member> status(HttpResponse<?> response) {
        List<String> lines = response.headers().allValues("Cache-Status");
        return lines.isEmpty() ? List.of() : Fields.parse(lines.toArray(String[]::new));
    }

    private List<Member> statusOf(Application application) throws Exception {
        try (WebServer server = container.start(app().servlet("/x", application))) {
            return status(server.get("/x"));
        }
    }

    @Test
    void lookup_isVisible() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    caches.load("h2h");
                    response.getWriter().print("small");
                }))
                .containsExactly(HIT, LOAD);
    }

    @Test
    void noLookup_noField() throws Exception {
        assertThat(statusOf((request, response) -> response.getWriter().print("small")))
                .isEmpty();
    }

    @Test
    void lookupWithoutABody_isVisible() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    response.setStatus(304);
                }))
                .containsExactly(HIT);
    }

    @Test
    void lookupBetweenSmallWrites_isVisible() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    response.getWriter().print("small");
                    caches.hit("matches", 8);
                    response.getWriter().print("small");
                }))
                .containsExactly(HIT, OTHER_HIT);
    }

    @Test
    void oneWriteThatFillsTheAnnouncedLength_carriesTheField() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    response.setContentLength(5);
                    response.getOutputStream().write("small".getBytes(StandardCharsets.UTF_8));
                    caches.load("too-late-or-not");
                }))
                .contains(HIT);
    }

    @Test
    void largeStream_carriesWhatWasLookedUpBeforeIt() throws Exception {
        byte[] chunk = new byte[5_000];
        Arrays.fill(chunk, (byte) 'x');
        Application application = (request, response) -> {
            caches.hit("standings", 9);
            for (int i = 0; i < 200; i++) {
                response.getOutputStream().write(chunk);
            }
            caches.load("too-late");
        };
        try (WebServer server = container.start(app().servlet("/x", application))) {
            HttpResponse<String> response = server.get("/x");

            assertThat(response.body()).hasSize(1_000_000);
            assertThat(status(response)).containsExactly(HIT);
        }
    }

    @Test
    void largeText_arrivesWhole() throws Exception {
        Application application = (request, response) -> {
            response.setContentType("text/plain;charset=UTF-8");
            caches.hit("standings", 9);
            response.getWriter().print("\u20ac".repeat(100_000));
        };
        try (WebServer server = container.start(app().servlet("/x", application))) {
            HttpResponse<String> response = server.get("/x");

            assertThat(response.body()).isEqualTo("\u20ac".repeat(100_000));
            assertThat(status(response)).containsExactly(HIT);
        }
    }

    @Test
    void committedByTheApplication_isLeftAlone() throws Exception {
        assertThat(statusOf((request, response) -> {
                    response.getWriter().print("early");
                    response.flushBuffer();
                    caches.hit("standings", 9);
                }))
                .isEmpty();
    }

    @Test
    void head_carriesTheField() throws Exception {
        Application application = (request, response) -> {
            caches.hit("standings", 9);
            response.getWriter().print("small");
        };
        try (WebServer server = container.start(app().servlet("/x", application))) {
            HttpResponse<String> response =
                    server.send("/x", request -> request.method("HEAD", BodyPublishers.noBody()));

            assertThat(response.body()).isEmpty();
            assertThat(status(response)).containsExactly(HIT);
        }
    }

    @Test
    void redirect_carriesTheField() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    response.sendRedirect("/elsewhere");
                }))
                .containsExactly(HIT);
    }

    @Test
    void errorPage_carriesTheFieldOfBothPasses() throws Exception {
        WebApp app = app().servlet("/x", (request, response) -> {
                    caches.hit("standings", 9);
                    response.sendError(404);
                })
                .servlet("/error", (request, response) -> {
                    caches.hit("matches", 8);
                    response.getWriter().print("not here");
                })
                .errorPage("/error");
        try (WebServer server = container.start(app)) {
            HttpResponse<String> response = server.get("/x");

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(status(response)).containsExactly(HIT, OTHER_HIT);
        }
    }

    @Test
    void applicationThrows_errorPageStillWorks() throws Exception {
        WebApp app = app().servlet("/x", (request, response) -> {
                    caches.hit("standings", 9);
                    throw new ServletException("on purpose");
                })
                .servlet("/error", (request, response) -> response.getWriter().print("broken"))
                .errorPage("/error");
        try (WebServer server = container.start(app)) {
            HttpResponse<String> response = server.get("/x");

            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("broken");
        }
    }

    @Test
    void forward_carriesTheFieldOfBothServlets() throws Exception {
        WebApp app = app().servlet("/part", (request, response) -> {
                    caches.hit("matches", 8);
                    response.getWriter().print("part");
                })
                .servlet("/x", (request, response) -> {
                    caches.hit("standings", 9);
                    request.getRequestDispatcher("/part").forward(request, response);
                });
        try (WebServer server = container.start(app)) {
            assertThat(status(server.get("/x"))).containsExactly(HIT, OTHER_HIT);
        }
    }

    @Test
    void includeOfALargePart_carriesTheField() throws Exception {
        WebApp app = app().servlet("/part", (request, response) -> {
                    caches.hit("matches", 8);
                    response.getWriter().print("x".repeat(100_000));
                })
                .servlet("/x", (request, response) -> {
                    caches.hit("standings", 9);
                    request.getRequestDispatcher("/part").include(request, response);
                });
        try (WebServer server = container.start(app)) {
            assertThat(status(server.get("/x"))).contains(HIT);
        }
    }

    @Test
    void asyncThread_carriesWhatTheRequestThreadLookedUp() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    AsyncContext context = request.startAsync();
                    context.start(() -> {
                        caches.load("not-counted");
                        finish(context);
                    });
                }))
                .containsExactly(HIT);
    }

    @Test
    void asyncThreadWithWrappedResponse_carriesWhatTheRequestThreadLookedUp() throws Exception {
        assertThat(statusOf((request, response) -> {
                    caches.hit("standings", 9);
                    AsyncContext context = request.startAsync(request, response);
                    context.start(() -> finish(context));
                    caches.load("not-counted");
                }))
                .containsExactly(HIT);
    }

    private static void finish(AsyncContext context) {
        try {
            context.getResponse().getWriter().print("later");
            context.complete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void asyncDispatch_addsItsLookups() throws Exception {
        assertThat(statusOf((request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        caches.hit("matches", 8);
                        response.getWriter().print("later");
                    } else {
                        caches.hit("standings", 9);
                        AsyncContext context = request.startAsync();
                        context.start(context::dispatch);
                    }
                }))
                .containsExactly(HIT, OTHER_HIT);
    }

    @Test
    void severalRequestsOnOneConnection_doNotMix() throws Exception {
        Application application = (request, response) -> {
            if (request.getParameter("cache") != null) {
                caches.hit("standings", 9);
            }
            response.getWriter().print("small");
        };
        try (WebServer server = container.start(app().servlet("/x", application))) {
            assertThat(status(server.get("/x?cache=1"))).containsExactly(HIT);
            assertThat(status(server.get("/x"))).isEmpty();
            assertThat(status(server.get("/x?cache=1"))).containsExactly(HIT);
        }
    }
}
