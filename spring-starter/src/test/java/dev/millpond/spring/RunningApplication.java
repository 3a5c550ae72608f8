package dev.millpond.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A web application on a free port, and a client for it. */
record RunningApplication(ConfigurableApplicationContext context) implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static RunningApplication start(SpringApplicationBuilder application) {
        return new RunningApplication(application
                .properties(
                        "server.address=127.0.0.1",
                        "server.port=0",
                        "server.tomcat.basedir=target/tomcat", // by default each start leaves a folder behind
                        "spring.main.banner-mode=off")
                .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    HttpResponse<String> get(String path) {
        return send(path, HttpRequest.newBuilder());
    }

    /** Posts JSON, which is written with apostrophes. */
    HttpResponse<String> post(String path, String json) {
        return send(
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    HttpResponse<String> send(String path, HttpRequest.Builder request) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try {
            return CLIENT.send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
