package dev.millpond.examples.servlet;

import dev.millpond.examples.contract.RunningApplication;
import java.net.URI;

/** The plain servlet application under test. */
record RunningServer(StandingsServer server) implements RunningApplication {

    static RunningServer start(Settings settings) throws Exception {
        return new RunningServer(StandingsServer.start(settings));
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.close();
    }
}
