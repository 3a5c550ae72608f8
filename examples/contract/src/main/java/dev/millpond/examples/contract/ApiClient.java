package dev.millpond.examples.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A user of the API of one application, with the same API keys on each request. */
final class ApiClient {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI base;
    private final List<String> keys;

    ApiClient(URI base, String... keys) {
        this.base = base;
        this.keys = List.of(keys);
    }

    ApiClient with(String... otherKeys) {
        return new ApiClient(base, otherKeys);
    }

    ApiResponse get(String path) {
        return send(request(path).GET().build());
    }

    ApiResponse put(String path, String body) {
        return put(path, BodyPublishers.ofString(body));
    }

    /** Sends the body without its length. */
    ApiResponse putChunked(String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return put(path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    }

    private ApiResponse put(String path, BodyPublisher body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(body)
                .build());
    }

    ApiResponse trace(String path) {
        return send(request(path).method("TRACE", BodyPublishers.noBody()).build());
    }

    ApiResponse delete(String path) {
        return send(request(path).DELETE().build());
    }

    /** Sends as many equal requests at once. */
    List<ApiResponse> getAtOnce(int times, String path) {
        return begin(times, path).stream().map(CompletableFuture::join).toList();
    }

    /** Sends as many equal requests at once, without waiting for their answers. */
    List<CompletableFuture<ApiResponse>> begin(int times, String path) {
        HttpRequest request = request(path).GET().build();
        return IntStream.range(0, times)
                .mapToObj(i -> HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(ApiResponse::of))
                .toList();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(30));
        keys.forEach(key -> request.header("X-API-Key", key));
        return request;
    }

    private static ApiResponse send(HttpRequest request) {
        try {
            return ApiResponse.of(HTTP.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + request.uri(), e);
        }
    }
}
