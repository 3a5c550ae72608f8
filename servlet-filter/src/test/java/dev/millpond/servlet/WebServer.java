package dev.millpond.servlet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.UnaryOperator;

/** A server with a web application, and a client for it. */
interface WebServer extends AutoCloseable {

    HttpClient CLIENT = HttpClient.newHttpClient();

    int port();

    @Override
    void close();

    default HttpResponse<String> get(String path, String... fields) {
        return send(path, request -> fields.length == 0 ? request : request.headers(fields));
    }

    default HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> settings) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
        try {
            return CLIENT.send(settings.apply(request).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
