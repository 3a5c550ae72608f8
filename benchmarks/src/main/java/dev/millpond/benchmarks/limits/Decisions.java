package dev.millpond.benchmarks.limits;

import dev.millpond.benchmarks.measure.RedisAddress;
import dev.millpond.benchmarks.measure.Strays;
import dev.millpond.benchmarks.measure.Turn;
import dev.millpond.benchmarks.peers.Machine;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Decisions about requests of cost 1. */
@State(Scope.Benchmark)
public class Decisions {

    private static final int MOST_REQUESTS_TO_USE_UP = 10;

    /** Who decides. */
    @Param("")
    String peer = "";

    /** How many keys there are. */
    @Param("")
    String keys = "";

    /** What each key may have: next to nothing if all requests are to be denied, else enough for all. */
    @Param("")
    String allowance = "";

    private boolean admitted = true;
    private Machine machine = new Machine("");
    private Limits limits = key -> false;
    private long straysBefore;
    private final AtomicLong unexpected = new AtomicLong();

    /** Connects, and takes all tokens of each key if all are to be exhausted. */
    @Setup
    public void open() throws Exception {
        List<String> names = names(Integer.parseInt(keys));
        Allowance each = Allowance.of(allowance);
        admitted = !each.equals(Allowance.NEXT_TO_NOTHING);
        machine = new Machine(RedisAddress.ofThisFork());
        limits = LimitPeers.open(peer, machine, each, names);
        Strays.countBy(limits::strays);
        for (int i = 0; i < names.size() && !admitted; i++) {
            useUp(i);
        }
        straysBefore = limits.strays();
    }

    /**
     * Not by one request: a limiter may decide on the first one of a process without Redis, and so take nothing there.
     */
    private void useUp(int key) {
        int left = MOST_REQUESTS_TO_USE_UP;
        while (limits.tryAcquire(key)) {
            if (--left == 0) {
                throw new IllegalStateException("'" + peer + "' admitted " + MOST_REQUESTS_TO_USE_UP
                        + " requests for a key that may have one.");
            }
        }
    }

    static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "customer-" + i).toList();
    }

    /** Disconnects. */
    @TearDown
    public void close() {
        machine.close();
    }

    /** One decision, which must be as expected; as many as were made without Redis may be different. */
    @Benchmark
    public boolean decide(Turn turn) {
        boolean decision = limits.tryAcquire(turn.next());
        if (decision != admitted && unexpected.incrementAndGet() > limits.strays() - straysBefore) {
            throw new IllegalStateException(
                    "'" + peer + "' " + (decision ? "admitted" : "denied") + " a request, must do the opposite here.");
        }
        return decision;
    }
}
