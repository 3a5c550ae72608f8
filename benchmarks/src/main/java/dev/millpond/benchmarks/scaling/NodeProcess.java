package dev.millpond.benchmarks.scaling;

import com.github.benmanes.caffeine.cache.Ticker;
import com.sun.management.OperatingSystemMXBean;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.RedisConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One node of a fleet: does what its standard input says, line by line, and answers each line with one.
 *
 * <p>{@code run MILLIS} reads and invalidates keys for a while, and answers with the number of operations and the
 * nanoseconds of processor time; {@code keep KEY} answers when a key is in the process, {@code miss KEY} when it is no
 * longer. It ends with its input.
 */
public final class NodeProcess {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int THOUSAND = 1_000;
    private static final Ticker TICKER = Ticker.systemTicker();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final NodeSettings settings;
    private final List<String> keys;
    private final LoadingCache<String, String> cache;
    private final ExecutorService threads;

    private NodeProcess(NodeSettings settings, List<String> keys, LoadingCache<String, String> cache) {
        this.settings = settings;
        this.keys = keys;
        this.cache = cache;
        this.threads = Executors.newFixedThreadPool(settings.threads());
    }

    /** Takes the settings. */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        NodeSettings settings = NodeSettings.of(arguments);
        try (RedisConnection connection = settings.connect();
                CacheRegistry registry = CacheRegistry.builder()
                        .redis(connection)
                        .namespace(CopiedEntries.NAMESPACE)
                        .build();
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            require(connection.awaitAvailable(LIMIT)
                    && until(() -> registry.invalidationStats().trusted()));
            LoadingCache<String, String> cache = registry.newCache("fleet", String.class)
                    .localMaximumSize(settings.localSize())
                    .timeToLive(Duration.ofHours(1))
                    .build((String key) -> "value of " + key);
            new NodeProcess(settings, Files.readAllLines(Path.of(settings.keys())), cache).obey(orders, answers);
        }
    }

    private void obey(BufferedReader orders, PrintStream answers) throws Exception {
        try {
            String order = orders.readLine();
            while (order != null) {
                String[] words = order.split(" ", -1);
                answers.println(answer(words[0], words[1]));
                order = orders.readLine();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private String answer(String order, String argument) throws Exception {
        switch (order) {
            case "run" -> {
                return run(Duration.ofMillis(Long.parseLong(argument)));
            }
            case "keep" -> require(until(() -> cache.lookup(argument).source() == Source.LOCAL));
            case "miss" -> require(until(() -> cache.getIfPresent(argument).isEmpty()));
            default -> throw new IOException("'" + order + "' is no order. Use run, keep or miss.");
        }
        return order;
    }

    private String run(Duration time) throws Exception {
        long cpuBefore = PROCESS.getProcessCpuTime();
        long end = TICKER.read() + time.toNanos();
        List<Future<Long>> parts = new ArrayList<>();
        for (int i = 0; i < settings.threads(); i++) {
            int thread = i;
            parts.add(threads.submit(() -> operations(thread, end)));
        }
        long operations = 0;
        for (Future<Long> part : parts) {
            operations += part.get();
        }
        return operations + " " + (PROCESS.getProcessCpuTime() - cpuBefore);
    }

    private long operations(int thread, long end) {
        AnyKey any = new AnyKey();
        any.begin((int) (ProcessHandle.current().pid() * settings.threads()) + thread);
        long count = 0;
        while (TICKER.read() - end < 0) {
            String key = keys.get(any.next(keys.size()));
            if (any.next(THOUSAND) < settings.invalidationsPerThousand()) {
                cache.invalidate(key);
            } else {
                cache.get(key);
            }
            count++;
        }
        return count;
    }

    private static boolean until(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        return Await.until(LIMIT, condition);
    }

    private static void require(boolean done) {
        if (!done) {
            throw new IllegalStateException("A node waited for " + LIMIT.toSeconds() + " s. Is Redis still running?");
        }
    }
}
