package dev.millpond.cache.oracle;

import dev.millpond.testkit.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Faults of the network between one node and all servers. */
final class NetworkFaults {

    /** Shorter than what a call may take, and longer. */
    private static final Duration SLOW = Duration.ofMillis(80);

    private static final Duration TOO_SLOW = Duration.ofMillis(600);

    private NetworkFaults() {}

    /** Returns the faults of proxies, given those of each node. */
    static List<Fault> of(IntFunction<List<FaultProxy>> proxiesOf) {
        return List.of(
                Fault.ofMoment("connections cut", each(proxiesOf, FaultProxy::cut)),
                lasting("refused", proxiesOf, FaultProxy::refuse),
                lasting("black hole", proxiesOf, FaultProxy::blackhole),
                lasting("half-open", proxiesOf, FaultProxy::halfOpen),
                lasting("slow", proxiesOf, proxy -> proxy.delay(SLOW)),
                lasting("too slow", proxiesOf, proxy -> proxy.delay(TOO_SLOW)));
    }

    private static Fault lasting(String name, IntFunction<List<FaultProxy>> proxiesOf, Consumer<FaultProxy> begin) {
        return Fault.ofNetwork(name, each(proxiesOf, begin), each(proxiesOf, FaultProxy::restore));
    }

    private static IntConsumer each(IntFunction<List<FaultProxy>> proxiesOf, Consumer<FaultProxy> action) {
        return node -> proxiesOf.apply(node).forEach(action);
    }
}
