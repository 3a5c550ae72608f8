package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.measure.RedisAddress;
import dev.millpond.benchmarks.measure.Strays;
import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
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

    private static final RateLimit SLOW = RateLimit.of(100_000, Duration.ofDays(100));
    private static final int FILLING_THREADS = 32;

    /** Whose decisions they are. */
    @Param("")
    String peer = "";

    /** How many keys there are. */
    @Param("1")
    int keys = 1;

    private final LongAdder withoutRedis = new LongAdder();
    private List<String> names = List.of();
    private Machine machine = new Machine("");
    private Optional<RateLimiter> opened = Optional.empty();

    /** Connects, and asks for each key once. */
    @Setup
    public void open() throws Exception {
        names = IntStream.range(0, keys).mapToObj(i -> "customer-" + i).toList();
        machine = new Machine(RedisAddress.ofThisFork());
        Optional<Tier> tier = Optional.of(Tier.of("slow", SLOW));
        RateLimiter limiter = RateLimiter.builder()
                .redis(MillpondRegistries.connection(machine))
                .secret("secret-of-the-benchmarks")
                .tierOf(key -> tier)
                .build();
        machine.own(limiter::close);
        opened = Optional.of(limiter);
        fill();
        withoutRedis.reset();
        Strays.countBy(withoutRedis::sum);
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
        RateLimitDecision decision = opened.orElseThrow().tryAcquire(names.get(place));
        if (decision.failurePolicy().isPresent()) {
            withoutRedis.increment();
        }
        return decision.allowed();
    }
}
