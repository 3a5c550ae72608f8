package dev.millpond.benchmarks.batch;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.cache.Batch;
import dev.millpond.cache.BatchResult;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingBatch;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The process with a small heap: two nodes that deal with very many keys, one batch after the other. */
public final class BatchProcess {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LONG_ENOUGH = Duration.ofHours(2);
    private static final Ticker TICKER = Ticker.systemTicker();
    private static final Pattern PROCESSED = Pattern.compile("total_commands_processed:(\\d+)");

    private final RedisServer redis = RedisExtension.create().server();
    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final int keys;
    private final Path results;

    private BatchProcess(int keys, Path results) {
        this.keys = keys;
        this.results = results;
    }

    /** Takes the number of keys, and the file that is given a line per batch. */
    public static void main(String[] arguments) throws Exception {
        new BatchProcess(Integer.parseInt(arguments[0]), Path.of(arguments[1])).run();
    }

    private void run() throws Exception {
        try (RedisConnection connection = RedisConnection.to(redis.url());
                CacheRegistry one = registry(connection);
                CacheRegistry two = registry(connection)) {
            awaitTrust(connection, one);
            awaitTrust(connection, two);
            run(cache(one), cache(two), halfRefused(two));
        }
    }

    private static CacheRegistry registry(RedisConnection connection) {
        return CacheRegistry.builder().redis(connection).namespace("batch").build();
    }

    private static void awaitTrust(RedisConnection connection, CacheRegistry registry) throws Exception {
        if (!connection.awaitAvailable(LIMIT)
                || !Await.until(LIMIT, () -> registry.invalidationStats().trusted())) {
            throw new IllegalStateException("Redis did not answer within " + LIMIT.toSeconds() + " s.");
        }
    }

    private LoadingCache<Integer, String> cache(CacheRegistry registry) {
        return registry.newCache("cache", String.class).timeToLive(LONG_ENOUGH).buildBulk(this::load);
    }

    private LoadingCache<Integer, String> halfRefused(CacheRegistry registry) {
        return registry.newCache("half-refused", String.class).buildBulk(this::loadHalf);
    }

    /** Refuses every other chunk. */
    private Map<Integer, String> loadHalf(Set<Integer> missing) {
        if (missing.iterator().next() / Batch.DEFAULT_CHUNK_SIZE % 2 == 1) {
            loads.addAndGet(missing.size());
            refused.addAndGet(missing.size());
            throw new IllegalStateException("refused");
        }
        return load(missing);
    }

    private Map<Integer, String> load(Set<Integer> missing) {
        loads.addAndGet(missing.size());
        return missing.stream().collect(Collectors.toMap(Function.identity(), BatchProcess::loaded));
    }

    private void run(
            LoadingCache<Integer, String> one,
            LoadingCache<Integer, String> two,
            LoadingCache<Integer, String> halfRefused)
            throws IOException {
        measure(
                "putAll",
                () -> one.batch()
                        .putAll(ids().map(id -> Map.entry(id, put(id))))
                        .done());
        measure("getAll on another node, from Redis", () -> read(two.batch(), true));
        measure("invalidateAll", () -> one.batch().invalidateAll(ids()).done());
        measure("getAll on another node, loaded and stored", () -> read(two.batch(), false));
        measure("getAll that goes on past failures, of every other chunk", () -> readPastFailures(halfRefused));
    }

    private Stream<Integer> ids() {
        return IntStream.range(0, keys).boxed();
    }

    private static String put(Integer id) {
        return "put of the value number " + id;
    }

    private static String loaded(Integer id) {
        return "load of the value number " + id;
    }

    /**
     * Returns how many keys were answered with what they should be, or failed because they were refused.
     *
     * @param asPut whether that may be what was put; what is loaded is right at all times
     */
    private long read(LoadingBatch<Integer, String> batch, boolean asPut) {
        AtomicLong right = new AtomicLong();
        BatchResult<Integer> result = batch.getAll(ids(), (id, value) -> {
            if (value.equals(loaded(id)) || (asPut && value.equals(put(id)))) {
                right.incrementAndGet();
            }
        });
        return right.get() + (result.failed() == refused.get() ? result.failed() : 0);
    }

    private long readPastFailures(LoadingCache<Integer, String> cache) {
        return read(cache.batch().onFailure(OnFailure.ACCUMULATE), false);
    }

    private void measure(String name, LongSupplier batch) throws IOException {
        long loadsBefore = loads.get();
        long commandsBefore = commands();
        long begunAt = TICKER.read();
        long right = batch.getAsLong();
        long millis = TimeUnit.NANOSECONDS.toMillis(TICKER.read() - begunAt);
        long commands = commands() - commandsBefore;
        BatchStep step = new BatchStep(name, keys, right, loads.get() - loadsBefore, millis, liveBytes(), commands);
        Files.writeString(results, step.line() + "\n", StandardOpenOption.APPEND);
    }

    private long commands() {
        Matcher processed = PROCESSED.matcher(String.valueOf(redis.command("INFO", "stats")));
        return processed.find() ? Long.parseLong(processed.group(1)) : 0;
    }

    private static long liveBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
