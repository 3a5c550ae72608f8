package dev.millpond.benchmarks.load;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Asks instances as often as they answer, by several callers at once, for a client whose limit nobody reaches.
 *
 * @param resources one of each instance
 */
record WarmUp(HttpClient http, List<URI> resources) {

    private static final Ticker TICKER = Ticker.systemTicker();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int CALLERS = 8;
    private static final int OK = 200;
    private static final String KEY = "warm-up";

    /** Settings by which an instance knows the client; the buckets of the example's own are those that are measured. */
    static final Map<String, String> SETTINGS = Map.of(
            "MILLPOND_RATELIMIT_TIERS_WARMUP_LIMIT", "1000000000",
            "MILLPOND_RATELIMIT_CLIENTS_WARMUP_KEY", KEY,
            "MILLPOND_RATELIMIT_CLIENTS_WARMUP_TIER", "warmup");

    /**
     * Goes on for a time.
     *
     * @throws Exception if a request is not answered, or not by 200
     */
    void run(Duration time) throws Exception {
        long begunAt = TICKER.read();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Void>> loops = IntStream.range(0, CALLERS)
                    .<Callable<Void>>mapToObj(caller -> () -> {
                        for (int i = caller; TICKER.read() - begunAt < time.toNanos(); i++) {
                            ask(resources.get(i % resources.size()));
                        }
                        return null;
                    })
                    .toList();
            for (Future<Void> loop : callers.invokeAll(loops)) {
                loop.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private void ask(URI resource) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(resource)
                .header("X-API-Key", KEY)
                .timeout(ANSWER_LIMIT)
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != OK) {
            throw new IOException(resource + " answered " + status + " to the client that warms it up.");
        }
    }
}
