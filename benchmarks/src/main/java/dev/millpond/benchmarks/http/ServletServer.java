package dev.millpond.benchmarks.http;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import dev.millpond.servlet.RateLimitFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The process of a servlet that answers a few bytes: alone, behind a filter whose limit nobody reaches, or with fields
 * such as that sets.
 */
public final class ServletServer {

    static final String ALONE = "alone";
    static final String LIMITED = "limited";
    static final String WITH_FIELDS = "with-fields";

    private static final Tier PLENTY = Tier.of("plenty", RateLimit.of(500_000_000, Duration.ofSeconds(1)));

    private ServletServer() {}

    /** Takes the word that says which of them it is. */
    public static void main(String[] arguments) throws Exception {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Path base = Files.createTempDirectory("millpond-benchmarks");
        Tomcat tomcat = new Tomcat();
        try (RateLimiter limiter = RateLimiter.builder()
                .secret("secret-of-the-benchmarks")
                .tierOf(key -> Optional.of(PLENTY))
                .build()) {
            start(tomcat, base, context -> register(context, limiter, arguments[0]));
            ServerControl.serve(tomcat.getConnector().getLocalPort(), System.in, System.out);
            tomcat.stop();
            tomcat.destroy();
        } finally {
            ExpandWar.delete(base.toFile());
        }
    }

    private static void start(Tomcat tomcat, Path base, Application application) throws Exception {
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        // Else every hundredth request of a connection closes it.
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        StandardContext context = (StandardContext) tomcat.addContext("", base.toString());
        // The process ends with the application: what it leaves behind needs no cleaning.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        context.addServletContainerInitializer(
                (classes, servletContext) -> application.register(servletContext), Set.of());
        tomcat.start();
    }

    private static void register(ServletContext context, RateLimiter limiter, String which) {
        if (which.equals(LIMITED)) {
            context.addFilter("limit", RateLimitFilter.builder(limiter).build())
                    .addMappingForUrlPatterns(null, true, "/*");
        }
        context.addServlet("greeting", which.equals(WITH_FIELDS) ? new GreetingWithFields() : new Greeting())
                .addMapping("/");
    }

    private interface Application {

        void register(ServletContext context);
    }

    private static class Greeting extends HttpServlet {

        private static final long serialVersionUID = 1;
        private static final byte[] TEXT = "Hello, world".getBytes(StandardCharsets.US_ASCII);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.setContentLength(TEXT.length);
            response.getOutputStream().write(TEXT);
        }
    }

    /** Tells what the container takes for two fields more, whoever sets them. */
    private static final class GreetingWithFields extends Greeting {

        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("RateLimit-Policy", "\"plenty\";q=500000000;w=1");
            response.setHeader("RateLimit", "\"plenty\";r=499999999;t=1");
            super.doGet(request, response);
        }
    }
}
