package dev.millpond.examples.servlet;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;

/** Tomcat on 127.0.0.1 with one web application. */
final class EmbeddedTomcat implements AutoCloseable {

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
     */
    static EmbeddedTomcat start(int port, Consumer<ServletContext> application) throws IOException, LifecycleException {
        File baseDirectory = Files.createTempDirectory("millpond-example").toFile();
        try {
            return new EmbeddedTomcat(start(port, application, baseDirectory), baseDirectory);
        } catch (LifecycleException e) {
            ExpandWar.delete(baseDirectory);
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
        tomcat.setConnector(connector);
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

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Tomcat did not stop", e);
        } finally {
            ExpandWar.delete(baseDirectory);
        }
    }
}
