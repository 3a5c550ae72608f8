package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.measure.RedisAddress;
import dev.millpond.benchmarks.measure.Strays;
import dev.millpond.benchmarks.peers.Machine;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What reads of both levels have in common. */
@State(Scope.Benchmark)
public abstract class ReadBenchmark {

    /** Whose cache is read. */
    @Param("")
    String peer = "";

    /** How many keys there are. */
    @Param("")
    String keys = "";

    /** How many keys one call reads. */
    @Param("1")
    int batch = 1;

    /** All keys. */
    List<String> names = List.of();

    /** The cache. */
    ProductCache cache = key -> null;

    private Machine machine = new Machine("");

    abstract ProductCache opened(Machine on) throws Exception;

    /** Connects, and fills the cache. */
    @Setup
    public void open() throws Exception {
        names = IntStream.range(0, Integer.parseInt(keys))
                .mapToObj(i -> "product-" + i)
                .toList();
        machine = new Machine(RedisAddress.ofThisFork());
        cache = opened(machine);
        Strays.countBy(() -> cache.strays() / batch);
    }

    /** Disconnects. */
    @TearDown
    public void close() {
        machine.close();
    }

    Product read(int place) {
        return require(names.get(place), cache.get(names.get(place)));
    }

    Product require(String key, @Nullable Product product) {
        if (product == null) {
            throw new IllegalStateException(
                    "The cache of '" + peer + "' has lost '" + key + "'. It must hold all keys while it is measured.");
        }
        return product;
    }
}
