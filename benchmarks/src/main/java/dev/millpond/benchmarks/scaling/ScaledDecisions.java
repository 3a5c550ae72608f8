package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.RedisAddress;
import dev.millpond.benchmarks.measure.Strays;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Decisions about requests of many keys, whose buckets are all in Redis, since they fill so slowly. */
@State(Scope.Benchmark)
public class ScaledDecisions {

    private static final int FILLING_THREADS = 32;

    /** Whose decisions they are. */
    @Param("")
    String peer = "";

    /** How many keys there are. */
    @Param("1")
    int keys = 1;

    private List<String> names = List.of();
    private Machine machine = new Machine("");
    private Optional<RedisDecisions> opened = Optional.empty();

    /** Connects, and asks for each key once. */
    @Setup
    public void open() throws Exception {
        names = IntStream.range(0, keys).mapToObj(i -> "customer-" + i).toList();
        machine = new Machine(RedisAddress.ofThisFork());
        RedisDecisions decisions = RedisDecisions.open(MillpondRegistries.connection(machine));
        machine.own(decisions::close);
        opened = Optional.of(decisions);
        fill();
        long before = decisions.strays();
        Strays.countBy(() -> decisions.strays() - before);
    }

    private void fill() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(FILLING_THREADS);
        try {
            List<Callable<Boolean>> parts = IntStream.range(0, FILLING_THREADS)
                    .<Callable<Boolean>>mapToObj(part -> () -> fill(part))
                    .toList();
            for (Future<Boolean> part : threads.invokeAll(parts)) {
                part.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean fill(int part) {
        for (int i = part; i < keys; i += FILLING_THREADS) {
            decide(i);
        }
        return true;
    }

    /** Disconnects. */
    @TearDown
    public void close() {
        machine.close();
    }

    /** One decision. */
    @Benchmark
    public boolean decide(AnyKey key) {
        return decide(key.next(keys));
    }

    private boolean decide(int place) {
        return opened.orElseThrow().decide(names.get(place));
    }
}
