package dev.millpond.examples.standings.web;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;

/** Tomcat on a free port of 127.0.0.1, with filters before one servlet. */
final class TestServer implements AutoCloseable {

    // Tomcat logs, with stack traces, the failures that tests cause. The field keeps the logger from being collected.
    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    private final Tomcat tomcat;

    private TestServer(Tomcat tomcat) {
        this.tomcat = tomcat;
    }

    static TestServer start(Handler handler, Filter... filters) throws LifecycleException {
        TOMCAT_LOG.setLevel(Level.OFF);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("target/tomcat");
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(0);
        tomcat.setConnector(connector);
        ((StandardHost) tomcat.getHost()).setErrorReportValveClass(ProblemReportValve.class.getName());
        StandardContext context = (StandardContext) tomcat.addContext("", null);
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        context.addServletContainerInitializer(
                (classes, servlets) -> register(servlets, handler, List.of(filters)), Set.of());
        tomcat.start();
        return new TestServer(tomcat);
    }

    private static void register(ServletContext context, Handler handler, List<Filter> filters) {
        filters.forEach(filter -> context.addFilter(filter.getClass().getSimpleName(), filter)
                .addMappingForUrlPatterns(null, true, "/*"));
        context.addServlet("handler", new HandlerServlet(handler)).addMapping("/");
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Answers what the filters let through. */
    @FunctionalInterface
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    private static final class HandlerServlet extends HttpServlet {

        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Handler handler;

        HandlerServlet(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            handler.handle(request, response);
        }
    }
}
