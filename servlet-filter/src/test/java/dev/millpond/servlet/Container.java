package dev.millpond.servlet;

/** The servlet containers that the filters are tested in. */
enum Container {
    TOMCAT {
        @Override
        WebServer start(WebApp app) throws Exception {
            return new TomcatServer(app);
        }
    },
    JETTY {
        @Override
        WebServer start(WebApp app) throws Exception {
            return new JettyServer(app);
        }
    };

    abstract WebServer start(WebApp app) throws Exception;
}
