package dev.millpond.examples.servlet;

import dev.millpond.examples.standings.web.ProblemReportValve;
import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.core.StandardService;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;

/** Tomcat on 127.0.0.1 with one web application. */
final class EmbeddedTomcat implements AutoCloseable {

    /** How long requests that are being answered have when the server stops. */
    private static final long GRACE_MILLIS = 3_000;

    private final Tomcat tomcat;
    private final File baseDirectory;

    private EmbeddedTomcat(Tomcat tomcat, File baseDirectory) {
        this.tomcat = tomcat;
        this.baseDirectory = baseDirectory;
    }

    /**
     * Starts it.
     *
     * @param port where to listen; 0 for any free port
     * @param application adds filters and servlets
     * @throws IllegalStateException if the port is taken; the message says what to do
     */
    static EmbeddedTomcat start(int port, Consumer<ServletContext> application) throws IOException, LifecycleException {
        File baseDirectory = Files.createTempDirectory("millpond-example").toFile();
        try {
            return new EmbeddedTomcat(start(port, application, baseDirectory), baseDirectory);
        } catch (LifecycleException e) {
            ExpandWar.delete(baseDirectory);
            if (e.getCause() instanceof BindException) {
                throw new IllegalStateException(
                        "Port " + port + " of 127.0.0.1 is taken. Set SERVER_PORT to a free port such as 8081.", e);
            }
            throw e;
        }
    }

    private static Tomcat start(int port, Consumer<ServletContext> application, File baseDirectory)
            throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(baseDirectory.getPath());
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        // Else the port stays open while the server waits for requests to be answered.
        connector.setProperty("bindOnInit", "false");
        tomcat.setConnector(connector);
        ((StandardHost) tomcat.getHost()).setErrorReportValveClass(ProblemReportValve.class.getName());
        ((StandardService) tomcat.getService()).setGracefulStopAwaitMillis(GRACE_MILLIS);
        StandardContext context = (StandardContext) tomcat.addContext("", null);
        // The process ends with the application: what it leaves behind needs no cleaning.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        context.addServletContainerInitializer(
                (classes, servletContext) -> application.accept(servletContext), Set.of());
        tomcat.start();
        return tomcat;
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Takes no new connection, waits a moment for requests that are being answered, and stops. */
    @Override
    public void close() {
        try {
            tomcat.getConnector().pause();
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Tomcat did not stop", e);
        } finally {
            ExpandWar.delete(baseDirectory);
        }
    }
}
