package dev.millpond.benchmarks.scaling;

import com.github.benmanes.caffeine.cache.Ticker;
import com.sun.management.OperatingSystemMXBean;
import dev.millpond.benchmarks.peers.Await;
import dev.millpond.runtime.RedisConnection;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One node of a fleet: does what its standard input says, line by line, and answers each line with one.
 *
 * <p>{@code run MILLIS} does operations with its keys for a while, and answers with their number, the nanoseconds of
 * processor time, and how many were not what is measured. Any other order is one of its work, followed by a key, and is
 * answered when that is so. It ends with its input.
 */
public final class NodeProcess {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Ticker TICKER = Ticker.systemTicker();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final NodeOperations work;
    private final List<String> keys;
    private final int threads;
    private final ExecutorService executor;

    private NodeProcess(NodeOperations work, List<String> keys, int threads) {
        this.work = work;
        this.keys = keys;
        this.threads = threads;
        this.executor = Executors.newFixedThreadPool(threads);
    }

    /** Takes the settings. */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        NodeSettings settings = NodeSettings.of(arguments);
        List<String> keys = Files.readAllLines(Path.of(settings.keys()));
        try (RedisConnection connection = settings.connect();
                NodeOperations work = settings.work().open(connection, settings);
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            require(connection.awaitAvailable(LIMIT));
            new NodeProcess(work, keys, settings.threads()).obey(orders, answers);
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
            executor.shutdownNow();
        }
    }

    private String answer(String order, String argument) throws Exception {
        if (order.equals("run")) {
            return run(Duration.ofMillis(Long.parseLong(argument)));
        }
        require(Await.until(LIMIT, () -> work.isSo(order, argument)));
        return order;
    }

    private String run(Duration time) throws Exception {
        long cpuBefore = PROCESS.getProcessCpuTime();
        long straysBefore = work.strays();
        long end = TICKER.read() + time.toNanos();
        List<Future<Long>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            parts.add(executor.submit(operations(i, end)));
        }
        long operations = 0;
        for (Future<Long> part : parts) {
            operations += part.get();
        }
        return operations + " " + (PROCESS.getProcessCpuTime() - cpuBefore) + " " + (work.strays() - straysBefore);
    }

    private Callable<Long> operations(int thread, long end) {
        AnyKey any = new AnyKey();
        any.begin((int) (ProcessHandle.current().pid() * threads) + thread);
        return () -> {
            long count = 0;
            while (TICKER.read() - end < 0) {
                work.operate(keys.get(any.next(keys.size())), any);
                count++;
            }
            return count;
        };
    }

    private static void require(boolean done) {
        if (!done) {
            throw new IllegalStateException("A node waited for " + LIMIT.toSeconds() + " s. Is Redis still running?");
        }
    }
}
