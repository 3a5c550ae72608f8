package dev.millpond.spring.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.RateLimitProperties;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Nobody reaches a limited servlet without being charged, however the path is spelled and whatever the container
 * allows.
 */
@ParameterizedClass(name = "{0} at \"{1}\", strict: {2}")
@MethodSource("servers")
final class PathSpellingIT {

    /** Spellings of paths that may lead to the limited servlets; HERE stands for the context path. */
    private static final List<String> SPELLINGS = List.of(
            "HERE/api/orders",
            "HERE/api/orders;a=b",
            "HERE/api;a=b/orders",
            "HERE/api;/orders",
            "HERE/;a=b/api/orders",
            "HERE/;/api/orders",
            "HERE;a=b/api/orders",
            "HERE//api/orders",
            "/HERE/api/orders",
            "HERE/api//orders",
            "HERE/./api/orders",
            "HERE/%2e/api/orders",
            "HERE/.;a=b/api/orders",
            "HERE/%61pi/orders",
            "HERE/a%70%69/orders",
            "HERE/api%2Forders",
            "HERE%2Fapi%2Forders",
            "HERE/api%2forders",
            "HERE/api%5Corders",
            "HERE\\api\\orders",
            "HERE/public/../api/orders",
            "HERE/public/..;a=b/api/orders",
            "HERE/public/..;/api/orders",
            "HERE/public/%2e%2e/api/orders",
            "HERE/public/%2E./api/orders",
            "HERE/public/%2e%2e;a=b/api/orders",
            "HERE/public/..%2Fapi/orders",
            "HERE/public%2F../api/orders",
            "HERE/public%2f..%2fapi%2forders",
            "HERE/public/%2e%2e%2Fapi/orders",
            "HERE/public/..%5Capi/orders",
            "HERE/public\\..\\api\\orders",
            "HERE/public/x/../../api/orders",
            "HERE/public/;/../../api/orders",
            "HERE/public//../api/orders",
            "HERE/public//../../api/orders",
            "HERE/public/%00/../../api/orders",
            "HERE/public/%2/../../api/orders",
            "HERE/public/%c0%ae%c0%ae/api/orders",
            "HERE/health;/../api/orders",
            "HERE/health/../api/orders",
            "HERE/api/health",
            "HERE/api/public/x",
            "HERE/api/../api/orders",
            "HERE/x/../../HERE/api/orders",
            "HERE/exact",
            "HERE/exact;a=b",
            "HERE/exac%74",
            "HERE/public/../exact",
            "HERE/public/..;/exact",
            "HERE/./exact;/.",
            "HERE/file.do",
            "HERE/public.do",
            "HERE/public/..;/a.do",
            "HERE/api/orders?x=/public/",
            "HERE/api/orders#/public/",
            "http://127.0.0.1HERE/api/orders",
            "http://127.0.0.1/public/..HERE/api/orders");

    private final Servers servers;
    private final String contextPath;
    private final boolean strict;
    private final RateLimiter limiter = RateLimiter.builder()
            .defaultTier(Tier.of("all", RateLimit.of(10_000, Duration.ofDays(1))))
            .build();
    private AutoCloseable server = () -> {};

    @TempDir
    Path base = Path.of("");

    PathSpellingIT(Servers servers, String contextPath, boolean strict) {
        this.servers = servers;
        this.contextPath = contextPath;
        this.strict = strict;
    }

    static Stream<Arguments> servers() {
        return Stream.of(Servers.values())
                .flatMap(servers -> Stream.of("", "/shop")
                        .flatMap(path ->
                                Stream.of(Arguments.of(servers, path, true), Arguments.of(servers, path, false))));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        limiter.close();
    }

    @Test
    void paths_namedOnes_cannotBeReachedUnchargedByAnySpelling() throws Exception {
        assertCharged("/api/**,/exact,/**/*.do", "");
    }

    @Test
    void excludedPaths_anySpelling_leadToNoLimitedServletUncharged() throws Exception {
        assertCharged("/**", "/public/**,/health,/public.html");
    }

    private void assertCharged(String included, String excluded) throws Exception {
        int port = start(included, excluded);
        List<String> reached = new ArrayList<>();
        List<String> uncharged = new ArrayList<>();
        for (String spelling : SPELLINGS) {
            String path = spelling.replace("HERE", contextPath);
            long before = left();
            if (ask(port, path).contains("limited servlet")) {
                reached.add(path);
                if (left() == before) {
                    uncharged.add(path);
                }
            }
        }
        assertThat(uncharged).isEmpty();
        assertThat(reached).hasSizeGreaterThan(8).contains(contextPath + "/api/orders", contextPath + "/exact");
        assertThat(ask(port, contextPath + "/public/x")).contains("public servlet");
    }

    private long left() {
        return limiter.peek(Client.ofAddress("127.0.0.1")).remaining();
    }

    private int start(String included, String excluded) throws Exception {
        RateLimitProperties properties = new Binder(new MapConfigurationPropertySource(
                        Map.of("limits.paths", included, "limits.excluded-paths", excluded)))
                .bind("limits", RateLimitProperties.class)
                .get();
        Consumer<ServletContext> app = context -> {
            context.addFilter(
                            "limits",
                            RateLimitFilterSetup.builder(limiter, new LiveProperties(properties))
                                    .build())
                    .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
            context.addServlet("limited", new Answering("limited servlet")).addMapping("/api/*", "/exact", "*.do");
            context.addServlet("public", new Answering("public servlet")).addMapping("/public/*", "/health", "/");
        };
        return servers.start(this, app);
    }

    /** Asks by a socket, since clients tidy up what they are asked to send. */
    private static String ask(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The containers, as strict as they are by default or as lax as they can be made. */
    enum Servers {
        TOMCAT {
            @Override
            int start(PathSpellingIT test, Consumer<ServletContext> app) throws Exception {
                Tomcat tomcat = new Tomcat();
                tomcat.setBaseDir(test.base.toString());
                tomcat.setPort(0);
                tomcat.getConnector().setProperty("address", "127.0.0.1");
                if (!test.strict) {
                    tomcat.getConnector().setProperty("encodedSolidusHandling", "decode");
                    tomcat.getConnector().setProperty("encodedReverseSolidusHandling", "decode");
                    tomcat.getConnector().setProperty("allowBackslash", "true");
                    tomcat.getConnector().setProperty("relaxedPathChars", "\\");
                }
                Context context = tomcat.addContext(test.contextPath, test.base.toString());
                context.addServletContainerInitializer(
                        (classes, servletContext) -> app.accept(servletContext), Set.of());
                tomcat.start();
                test.server = () -> {
                    tomcat.stop();
                    tomcat.destroy();
                };
                return tomcat.getConnector().getLocalPort();
            }
        },
        JETTY {
            @Override
            int start(PathSpellingIT test, Consumer<ServletContext> app) throws Exception {
                Server jetty = new Server();
                HttpConfiguration settings = new HttpConfiguration();
                settings.setUriCompliance(test.strict ? UriCompliance.DEFAULT : UriCompliance.UNSAFE);
                ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(settings));
                connector.setHost("127.0.0.1");
                jetty.addConnector(connector);
                ServletContextHandler context = new ServletContextHandler();
                context.setContextPath(test.contextPath.isEmpty() ? "/" : test.contextPath);
                context.getServletHandler().setDecodeAmbiguousURIs(!test.strict);
                context.addServletContainerInitializer((classes, servletContext) -> app.accept(servletContext));
                jetty.setHandler(context);
                jetty.start();
                test.server = jetty::stop;
                return connector.getLocalPort();
            }
        };

        abstract int start(PathSpellingIT test, Consumer<ServletContext> app) throws Exception;
    }

    private static final class Answering extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final String answer;

        Answering(String answer) {
            this.answer = answer;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(answer);
        }
    }
}
