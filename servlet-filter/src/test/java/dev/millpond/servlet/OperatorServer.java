package dev.millpond.servlet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Function;
import java.util.function.Predicate;

/** A servlet for operators in a server, which admits whoever sends a secret. */
final class OperatorServer implements AutoCloseable {

    private static final String PATH = "/operators";
    private static final String FIELD = "X-Operator";
    private static final String SECRET = "operators-only";

    private final WebServer server;

    private OperatorServer(WebServer server) {
        this.server = server;
    }

    /** Starts a servlet that is made with the authoriser. */
    static OperatorServer start(Function<Predicate<HttpServletRequest>, HttpServlet> servlet) {
        HttpServlet guarded = servlet.apply(request -> SECRET.equals(request.getHeader(FIELD)));
        try {
            return new OperatorServer(Container.TOMCAT.start(new WebApp()
                    .filter(new UserOfField())
                    .with(context -> context.addServlet("operators", guarded).addMapping(PATH))));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a body of JSON, in which apostrophes stand for quotation marks. */
    HttpResponse<String> send(String method, String body) {
        return send(method, body, "application/json");
    }

    HttpResponse<String> send(String method, String body, String type) {
        return server.send(
                PATH,
                request -> request.header(FIELD, SECRET)
                        .header("Content-Type", type)
                        .method(method, publisher(body)));
    }

    /** Sends the same as somebody who is authenticated. */
    HttpResponse<String> sendAs(String user, String method, String body) {
        return server.send(
                PATH,
                request -> request.header(FIELD, SECRET)
                        .header(UserOfField.FIELD, user)
                        .header("Content-Type", "application/json")
                        .method(method, publisher(body)));
    }

    /** Sends a body of JSON without the secret. */
    HttpResponse<String> sendAsStranger(String method, String body) {
        return server.send(
                PATH,
                request -> request.header("Content-Type", "application/json").method(method, publisher(body)));
    }

    private static HttpRequest.BodyPublisher publisher(String body) {
        return HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
    }

    @Override
    public void close() {
        server.close();
    }
}
