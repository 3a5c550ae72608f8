package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.ChildJvm;
import dev.millpond.testkit.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has several processes ask for one cold key at once; not thread-safe. */
final class Stampede implements AutoCloseable {

    private static final Duration LOAD_TIME = Duration.ofMillis(50);
    private static final int CALLERS_PER_PROCESS = 8;
    private static final int ROUNDS_TO_WARM_UP = 2;

    private final SlowSource source;
    private final int rounds;
    private final List<ChildJvm> workers = new ArrayList<>();

    /** Starts the processes. */
    Stampede(RedisServer redis, int processes, int rounds) throws IOException {
        this.source = new SlowSource(redis, LOAD_TIME);
        this.rounds = rounds;
        try {
            for (int i = 0; i < processes; i++) {
                workers.add(ChildJvm.ofRedis(
                        redis.url(), StampedeWorker.class, "" + CALLERS_PER_PROCESS, "" + LOAD_TIME.toMillis()));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Runs a few rounds that do not count, and then those that do. */
    StampedeOutcome run(int peer, int variant, String cache) throws IOException {
        ChildJvm.askAll(workers, "open " + peer + ' ' + variant + ' ' + cache);
        List<Integer> loads = new ArrayList<>();
        List<Double> slowest = new ArrayList<>();
        for (int i = 0; i < ROUNDS_TO_WARM_UP + rounds; i++) {
            String key = cache + "-" + i;
            double wait = slowestIn(ChildJvm.askAll(workers, "read " + key));
            if (i >= ROUNDS_TO_WARM_UP) {
                slowest.add(wait);
                loads.add(source.loads(key));
            }
        }
        return StampedeOutcome.of(workers.size() * CALLERS_PER_PROCESS, loads, slowest);
    }

    @Override
    public void close() {
        workers.forEach(ChildJvm::close);
    }

    private static double slowestIn(List<String> nanos) {
        return nanos.stream().mapToLong(Long::parseLong).max().orElseThrow() / (double) LOAD_TIME.toNanos();
    }
}
