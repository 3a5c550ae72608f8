package dev.millpond.cache.oracle;

import dev.millpond.testkit.NetworkFaults;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Faults of the network between one node and all servers. */
final class ProxyFaults {

    /** Shorter than what a call may take, and longer. */
    private static final Duration SLOW = Duration.ofMillis(80);

    private static final Duration TOO_SLOW = Duration.ofMillis(600);

    private ProxyFaults() {}

    /** Returns the faults of what stands in front of each node. */
    static List<Fault> of(IntFunction<NetworkFaults> networkOf) {
        return List.of(
                Fault.ofMoment("connections cut", node -> networkOf.apply(node).cut()),
                lasting("refused", networkOf, NetworkFaults::refuse),
                lasting("black hole", networkOf, NetworkFaults::blackhole),
                lasting("half-open", networkOf, NetworkFaults::halfOpen),
                lasting("slow", networkOf, network -> network.delay(SLOW)),
                lasting("too slow", networkOf, network -> network.delay(TOO_SLOW)));
    }

    private static Fault lasting(String name, IntFunction<NetworkFaults> networkOf, Consumer<NetworkFaults> begin) {
        return Fault.ofNetwork(
                name,
                node -> begin.accept(networkOf.apply(node)),
                node -> networkOf.apply(node).restore());
    }
}
