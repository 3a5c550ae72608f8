package dev.millpond.benchmarks.load;

import com.github.benmanes.caffeine.cache.Ticker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The requests of one tier's client, in turn to each instance, at a steady pace that does not wait for answers.
 *
 * <p>Thread-safe.
 */
final class TierLoad {

    private static final Ticker TICKER = Ticker.systemTicker();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;

    private final LoadedTier tier;
    private final HttpClient http;
    private final List<HttpRequest> requests;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong firstSent = new AtomicLong();
    private final AtomicLong firstAnswer = new AtomicLong();
    private final AtomicLong lastSent = new AtomicLong();
    private final AtomicLong lastAnswer = new AtomicLong();
    private final LongAdder admitted = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder failed = new LongAdder();

    TierLoad(LoadedTier tier, HttpClient http, List<URI> resources) {
        this.tier = tier;
        this.http = http;
        this.requests = resources.stream()
                .map(uri -> HttpRequest.newBuilder(uri)
                        .header("X-API-Key", tier.key())
                        .timeout(ANSWER_LIMIT)
                        .build())
                .toList();
    }

    /** Makes a request every so often for a time; the stage completes when the last one was answered. */
    CompletableFuture<TierOutcome> run(ScheduledExecutorService pacer, Duration pause, Duration time) {
        var pace = pacer.scheduleAtFixedRate(this::send, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
        return after(time).thenRun(() -> pace.cancel(false)).thenCompose(stopped -> answered());
    }

    private void send() {
        long now = TICKER.read();
        HttpRequest request = requests.get((int) (sent.getAndIncrement() % requests.size()));
        firstSent.compareAndSet(0, now);
        lastSent.set(now);
        var unused = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .whenComplete((response, failure) -> count(failure == null ? response.statusCode() : 0));
    }

    private void count(int status) {
        long now = TICKER.read();
        firstAnswer.compareAndSet(0, now);
        lastAnswer.accumulateAndGet(now, Math::max);
        switch (status) {
            case OK -> admitted.increment();
            case TOO_MANY_REQUESTS -> denied.increment();
            default -> failed.increment();
        }
    }

    private CompletableFuture<TierOutcome> answered() {
        return outcome().requests() == sent.get()
                ? CompletableFuture.completedFuture(outcome())
                : after(GLANCE).thenCompose(waited -> answered());
    }

    private static CompletableFuture<Void> after(Duration time) {
        return CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS));
    }

    private TierOutcome outcome() {
        return new TierOutcome(
                tier,
                admitted.sum(),
                denied.sum(),
                failed.sum(),
                Duration.ofNanos(lastSent.get() - firstAnswer.get()),
                Duration.ofNanos(lastAnswer.get() - firstSent.get()));
    }
}
