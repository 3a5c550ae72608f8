package dev.millpond.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.jspecify.annotations.Nullable;

/** An embedded Tomcat on a free port of 127.0.0.1. */
final class TomcatServer implements WebServer {

    /* Held here because the log manager itself forgets the level of a logger that nobody holds. */
    private static final Logger CONTAINER_LOG = Logger.getLogger("org.apache");

    private final Tomcat tomcat = new Tomcat();
    private final Path base = Files.createTempDirectory("millpond-tomcat");

    TomcatServer(WebApp app) throws IOException, LifecycleException {
        base.toFile().deleteOnExit(); // a server that does not start is not closed
        CONTAINER_LOG.setLevel(Level.SEVERE);
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", base.toString());
        context.addServletContainerInitializer((classes, servletContext) -> app.register(servletContext), Set.of());
        addErrorPage(context, app.errorPage());
        tomcat.start();
    }

    private static void addErrorPage(Context context, @Nullable String location) {
        if (location != null) {
            ErrorPage page = new ErrorPage();
            page.setLocation(location);
            context.addErrorPage(page);
        }
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        } finally {
            ExpandWar.delete(base.toFile());
        }
    }
}
