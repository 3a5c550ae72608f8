package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CacheStatusFilterTest {

    private static final String HIT = "\"standings\";hit;ttl=9;detail=LOCAL";
    private static final String MORE = HIT + ", \"matches\";hit;ttl=8;detail=LOCAL";
    private static final byte[] LARGE = new byte[2 * FakeResponse.BUFFER_SIZE];

    private final FakeCacheRegistry caches = new FakeCacheRegistry();
    private final CacheStatusFilter filter = CacheStatusFilter.of(caches);
    private final FakeRequest request = new FakeRequest();
    private final FakeResponse response = new FakeResponse();

    private void run(Application application) {
        try {
            filter.doFilter(request, response, chain(application));
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }

    private static FilterChain chain(Application application) {
        return (request, response) -> application.serve((HttpServletRequest) request, (HttpServletResponse) response);
    }

    @Test
    void doFilter_noLookup_writesNoField() {
        run((in, out) -> out.getOutputStream().write(LARGE));

        assertThat(response.seen("Cache-Status")).isEmpty();
    }

    @Test
    void doFilter_lookupWithoutABody_writesTheFieldAtTheEnd() {
        run((in, out) -> caches.hit("standings", 9));

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysToCommit")
    void doFilter_lookupBeforeTheHeaderIsSent_isInIt(String way, Application commit) {
        run((in, out) -> {
            caches.hit("standings", 9);
            commit.serve(in, out);
            assertThat(response.isCommitted()).as(way).isTrue();
            caches.load("too-late");
        });

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
    }

    static Stream<Arguments> waysToCommit() {
        return Stream.of(
                way("flushBuffer", (in, out) -> out.flushBuffer()),
                way("stream flush", (in, out) -> out.getOutputStream().flush()),
                way("writer flush", (in, out) -> out.getWriter().flush()),
                way("stream close", (in, out) -> out.getOutputStream().close()),
                way("large array", (in, out) -> out.getOutputStream().write(LARGE)),
                way("large buffer", (in, out) -> out.getOutputStream().write(ByteBuffer.wrap(LARGE))),
                way("many single bytes", (in, out) -> {
                    for (int i = 0; i < LARGE.length; i++) {
                        out.getOutputStream().write('x');
                    }
                }),
                way("large text", (in, out) -> out.getWriter().print("x".repeat(LARGE.length))),
                way("many characters", (in, out) -> {
                    for (int i = 0; i < LARGE.length; i++) {
                        out.getWriter().append('x');
                    }
                }),
                way("character array", (in, out) -> out.getWriter().write(new char[LARGE.length])),
                way("formatted text", (in, out) -> out.getWriter().format(Locale.ROOT, "%40d", 1)),
                way("writer close", (in, out) -> out.getWriter().close()),
                way("sendError", (in, out) -> out.sendError(404)),
                way("sendError with a text", (in, out) -> out.sendError(404, "nothing here")),
                way("sendRedirect", (in, out) -> out.sendRedirect("/x")),
                way("sendRedirect with a status", (in, out) -> out.sendRedirect("/x", 303)),
                way("sendRedirect keeping the body", (in, out) -> out.sendRedirect("/x", false)),
                way("sendRedirect with both", (in, out) -> out.sendRedirect("/x", 303, false)));
    }

    private static Arguments way(String name, Application commit) {
        return Arguments.of(name, commit);
    }

    @Test
    void doFilter_lookupAfterTheFirstBytes_isAddedWhileTheBufferHolds() {
        run((in, out) -> {
            caches.hit("standings", 9);
            out.getOutputStream().write('x');
            caches.hit("matches", 8);
            out.getOutputStream().write(LARGE);
        });

        assertThat(response.seen("Cache-Status")).containsExactly(MORE);
    }

    @Test
    void doFilter_lookupAfterTheLastByte_isAddedAtTheEnd() {
        run((in, out) -> {
            caches.hit("standings", 9);
            out.getOutputStream().write('x');
            caches.hit("matches", 8);
        });

        assertThat(response.seen("Cache-Status")).containsExactly(MORE);
    }

    @Test
    void doFilter_fieldOfTheApplication_isKeptBeforeOurs() {
        run((in, out) -> {
            out.addHeader("Cache-Status", "upstream;hit");
            caches.hit("standings", 9);
            out.getOutputStream().write('x');
            caches.hit("matches", 8);
        });

        assertThat(response.seen("Cache-Status")).containsExactly("upstream;hit", MORE);
        assertThat(Fields.parse(response.seen("Cache-Status").toArray(String[]::new)))
                .extracting(Fields.Member::name)
                .containsExactly("upstream", "standings", "matches");
    }

    @Test
    void doFilter_resetResponse_getsTheFieldAgain() {
        run((in, out) -> {
            caches.hit("standings", 9);
            out.getOutputStream().write('x');
            out.reset();
            out.getWriter().print("y");
        });

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
        assertThat(response.body()).isEqualTo("y");
    }

    @Test
    void doFilter_applicationThrows_stillWritesTheField() {
        assertThatThrownBy(() -> filter.doFilter(request, response, chain((in, out) -> {
                    caches.hit("standings", 9);
                    throw new ServletException("broken");
                })))
                .hasMessage("broken");

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
    }

    @Test
    void doFilter_nestedForAForward_writesOneField() {
        run((in, out) -> {
            caches.hit("standings", 9);
            filter.doFilter(in, out, chain((inner, innerOut) -> caches.hit("matches", 8)));
        });

        assertThat(response.seen("Cache-Status")).containsExactly(MORE);
    }

    @Test
    void doFilter_includedResource_cannotHideTheField() {
        run((in, out) -> {
            caches.hit("standings", 9);
            ((HttpServletResponseWrapper) out).setResponse(Untouchable.of(HttpServletResponse.class));
        });

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
    }

    @Test
    void doFilter_ended_leavesNothingOnTheThread() {
        run((in, out) -> caches.hit("standings", 9));
        caches.load("between-requests");
        FakeResponse next = new FakeResponse();

        assertThatThrownBy(() -> filter.doFilter(new FakeRequest(), next, chain((in, out) -> {
                    throw new IOException("broken");
                })))
                .isInstanceOf(IOException.class);

        assertThat(next.seen("Cache-Status")).isEmpty();
    }

    @Test
    void doFilter_lookupOnAnotherThread_doesNotCount() {
        run((in, out) ->
                CompletableFuture.runAsync(() -> caches.load("elsewhere")).join());

        assertThat(response.seen("Cache-Status")).isEmpty();
    }

    @Test
    void doFilter_twoRegistries_tellOfTheirOwn() {
        FakeCacheRegistry otherCaches = new FakeCacheRegistry();
        CacheStatusFilter other = CacheStatusFilter.of(otherCaches);

        run((in, out) -> other.doFilter(in, out, chain((inner, innerOut) -> {
            caches.hit("standings", 9);
            otherCaches.hit("matches", 8);
        })));

        assertThat(Fields.parse(response.seen("Cache-Status").toArray(String[]::new)))
                .extracting(Fields.Member::name)
                .containsExactlyInAnyOrder("standings", "matches");
    }

    @Test
    void startAsync_laterLookups_leaveTheFieldAlone() {
        run((in, out) -> {
            caches.hit("standings", 9);
            in.startAsync();
            caches.hit("matches", 8);
        });

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
    }

    @Test
    void startAsync_withGivenResponse_leavesTheFieldAlone() {
        run((in, out) -> {
            caches.hit("standings", 9);
            in.startAsync(in, out);
            caches.hit("matches", 8);
            out.getOutputStream().write(LARGE);
        });

        assertThat(response.seen("Cache-Status")).containsExactly(HIT);
    }

    @Test
    void getWriter_linesAndErrors_areThoseOfTheContainer() {
        run((in, out) -> {
            PrintWriter writer = out.getWriter();
            writer.println("ab");
            assertThat(out.getWriter()).isSameAs(writer);
            assertThat(writer.checkError()).isFalse();
        });

        assertThat(response.body()).isEqualTo("ab\r\n");
    }

    @Test
    void getOutputStream_nonBlockingUse_isTheContainers() {
        run((in, out) -> {
            ServletOutputStream stream = out.getOutputStream();
            assertThat(out.getOutputStream()).isSameAs(stream);
            assertThat(stream.isReady()).isTrue();
            assertThatThrownBy(() -> stream.setWriteListener(Untouchable.of(WriteListener.class)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("not asynchronous");
            stream.print("caf\u00e9");
        });

        assertThat(response.body().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }

    @Test
    void destroyedAndStartedAgain_listensOnce() {
        assertThat(caches.listeners()).isEqualTo(1);

        filter.destroy();
        assertThat(caches.listeners()).isZero();

        filter.init(Untouchable.of(FilterConfig.class));
        filter.init(Untouchable.of(FilterConfig.class));
        assertThat(caches.listeners()).isEqualTo(1);
    }

    @Test
    void doFilter_notHttp_passes() throws IOException, ServletException {
        AtomicInteger passed = new AtomicInteger();

        filter.doFilter(
                Untouchable.of(ServletRequest.class),
                Untouchable.of(ServletResponse.class),
                (any, other) -> passed.incrementAndGet());

        assertThat(passed).hasValue(1);
    }
}
