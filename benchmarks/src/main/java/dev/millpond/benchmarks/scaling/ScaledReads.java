package dev.millpond.benchmarks.scaling;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.measure.RedisAddress;
import dev.millpond.benchmarks.measure.Strays;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheStats;
import dev.millpond.cache.LoadingCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads and loads of small entries, however many there are, and with however many tags. */
@State(Scope.Benchmark)
public class ScaledReads {

    /** The name of a peer that keeps all entries in the process. */
    static final String MEMORY = "memory";

    /** The name of a peer that keeps them in Redis alone. */
    static final String REDIS = "redis";

    /** The name of a peer that keeps them in the process as well, and is asked to load them again. */
    static final String LOADER = "loader";

    /** The name of a peer that is Caffeine alone: what the memory of the machine costs when keys are many. */
    static final String CAFFEINE = "Caffeine";

    private static final Duration TIME_TO_LIVE = Duration.ofHours(2);

    private static final Map<String, ToLongFunction<CacheStats>> ANSWERS =
            Map.of(MEMORY, CacheStats::localHits, REDIS, CacheStats::remoteHits, LOADER, CacheStats::loads);

    private static final int CHUNK = 500;
    private static final int PASSES = 20;

    /** Who answers. */
    @Param("")
    String peer = "";

    /** How many keys there are. */
    @Param("1")
    int keys = 1;

    /** How many tags each entry carries. */
    @Param("1")
    int tags = 1;

    private List<String> names = List.of();
    private Machine machine = new Machine("");
    private Optional<LoadingCache<String, String>> opened = Optional.empty();
    private UnaryOperator<String> read = key -> key;
    private long before;

    /** Connects, and fills the cache. */
    @Setup
    public void open() throws Exception {
        names = IntStream.range(0, keys).mapToObj(CopiedEntries::key).toList();
        if (peer.equals(CAFFEINE)) {
            read = caffeine();
            return;
        }
        machine = new Machine(RedisAddress.ofThisFork());
        CacheRegistry registry = MillpondRegistries.open(machine, CopiedEntries.NAMESPACE, CacheRegistry.builder());
        CopiedEntries entries = CopiedEntries.of(registry, machine, tags, peer.equals(REDIS) ? 0 : 2 * keys);
        entries.fill(keys);
        opened = Optional.of(entries.cache());
        read = entries.cache()::get;
        if (peer.equals(MEMORY)) {
            keepAll();
        }
        before = elsewhere();
        Strays.countBy(() -> elsewhere() - before);
    }

    private UnaryOperator<String> caffeine() {
        Cache<String, String> cache = Caffeine.newBuilder()
                .maximumSize(2L * keys)
                .expireAfterWrite(TIME_TO_LIVE)
                .build();
        names.forEach(name -> cache.put(name, "value of " + name));
        return name -> Objects.requireNonNull(cache.getIfPresent(name), name);
    }

    /** Reads all keys until all are in the process. */
    private void keepAll() {
        long reads;
        int pass = 0;
        do {
            long missing = elsewhere();
            for (int from = 0; from < keys; from += CHUNK) {
                cache().getAll(names.subList(from, Math.min(keys, from + CHUNK)));
            }
            reads = elsewhere() - missing;
        } while (reads > 0 && ++pass < PASSES);
        if (reads > 0) {
            throw new IllegalStateException(
                    "Millpond kept not all of " + keys + " entries in the process when they were" + " read " + PASSES
                            + " times. Measure again on a machine with less other work.");
        }
    }

    private LoadingCache<String, String> cache() {
        return opened.orElseThrow();
    }

    /** Returns how many reads were not answered by whom they should be. */
    private long elsewhere() {
        CacheStats stats = cache().stats();
        return stats.requests() - Names.find(ANSWERS, peer).applyAsLong(stats);
    }

    /** Disconnects. */
    @TearDown
    public void close() {
        machine.close();
    }

    /** One hit. */
    @Benchmark
    public String get(AnyKey key) {
        return read.apply(names.get(key.next(keys)));
    }

    /** One load that is stored, with all tags. */
    @Benchmark
    public Optional<String> refresh(AnyKey key) {
        return cache().refresh(names.get(key.next(keys)));
    }

    /** One invalidation, and the load that comes after it. */
    @Benchmark
    public String invalidate(AnyKey key) {
        String name = names.get(key.next(keys));
        cache().invalidate(name);
        return cache().get(name);
    }
}
