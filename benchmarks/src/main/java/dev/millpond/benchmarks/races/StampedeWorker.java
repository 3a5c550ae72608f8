package dev.millpond.benchmarks.races;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.Peer;
import dev.millpond.benchmarks.peers.PeerNode;
import dev.millpond.benchmarks.peers.Peers;
import dev.millpond.benchmarks.peers.Variant;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One process of a stampede: does what its standard input says, line by line, and answers each line with one.
 *
 * <p>{@code open PEER VARIANT CACHE} opens a node, by the places in the catalogue; {@code read KEY} has all callers
 * read the key at once, and answers with the longest wait in nanoseconds. It ends with its input.
 */
public final class StampedeWorker {

    private static final int LIMIT_SECONDS = 60;
    private static final Ticker TICKER = Ticker.systemTicker();

    private final RedisServer redis = RedisExtension.create().server();
    private final Machine machine = new Machine(redis.url());
    private final SlowSource source;
    private final int callers;
    private final ExecutorService threads;

    private StampedeWorker(int callers, Duration loadTime) {
        this.callers = callers;
        this.source = new SlowSource(redis, loadTime);
        this.threads = Executors.newFixedThreadPool(callers);
    }

    /** Takes the number of callers and the load time in milliseconds. */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        StampedeWorker worker =
                new StampedeWorker(Integer.parseInt(arguments[0]), Duration.ofMillis(Long.parseLong(arguments[1])));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            worker.obey(lines, answers);
        } finally {
            worker.threads.shutdownNow();
            worker.machine.close();
        }
    }

    private void obey(BufferedReader lines, PrintStream answers) throws Exception {
        PeerNode node = null;
        String line = next(lines);
        while (!line.isEmpty()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("open")) {
                node = open(Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[3]);
                answers.println("opened");
            } else if (node != null) {
                answers.println(readAtOnce(node, words[1]));
            }
            line = next(lines);
        }
    }

    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        return line == null ? "" : line;
    }

    private PeerNode open(int peerPlace, int variantPlace, String cache) throws Exception {
        Peer peer = Peers.all().get(peerPlace);
        Variant variant = peer.variants().get(variantPlace);
        return variant.opener().open(machine, cache, source);
    }

    private long readAtOnce(PeerNode node, String key) throws Exception {
        CountDownLatch ready = new CountDownLatch(callers);
        Callable<Long> call = () -> {
            ready.countDown();
            ready.await();
            long start = TICKER.read();
            node.compared(key);
            return TICKER.read() - start;
        };
        List<Future<Long>> waits = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            waits.add(threads.submit(call));
        }
        long longest = 0;
        for (Future<Long> wait : waits) {
            longest = Math.max(longest, wait.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
        return longest;
    }
}
