package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one node of a cluster knows of all: its answer to {@code CLUSTER NODES}.
 *
 * @param nodes itself and the others
 */
record ClusterView(List<Node> nodes) {

    private static final Set<String> UNSETTLED = Set.of("fail", "fail?", "handshake", "noaddr");

    static ClusterView of(RedisServer server) {
        return of(String.valueOf(server.command("CLUSTER", "NODES")));
    }

    static ClusterView of(String answer) {
        return new ClusterView(answer.lines().map(Node::of).toList());
    }

    Node myself() {
        return nodes.stream()
                .filter(node -> node.flags().contains("myself"))
                .findFirst()
                .orElseThrow();
    }

    /** Tells whether it knows so many nodes and has no doubt about any of them. */
    boolean settled(int expected) {
        return nodes.size() == expected
                && nodes.stream()
                        .allMatch(node ->
                                node.connected() && node.flags().stream().noneMatch(UNSETTLED::contains));
    }

    /** Returns what all nodes must agree on: of each node its master and its slots. */
    Map<String, String> layout() {
        Map<String, String> layout = new TreeMap<>();
        nodes.forEach(node -> layout.put(node.id(), node.masterId() + " " + node.slots()));
        return layout;
    }

    /**
     * One node.
     *
     * @param id its name in the cluster
     * @param flags for example {@code myself,master}
     * @param masterId the name of its master, {@code -} if it is one
     * @param epoch the age of its claim to its slots; the highest wins
     * @param connected whether the node that was asked is connected to it
     * @param slots the slots it serves
     * @param moving the slots that are on the way to or from it, known only of the node that was asked
     */
    record Node(
            String id, Set<String> flags, String masterId, long epoch, boolean connected, BitSet slots, BitSet moving) {

        private static final int FIRST_SLOTS = 8;

        static Node of(String line) {
            String[] parts = line.split(" ", -1);
            BitSet slots = new BitSet();
            BitSet moving = new BitSet();
            for (int i = FIRST_SLOTS; i < parts.length; i++) {
                if (parts[i].startsWith("[")) {
                    moving.set(Integer.parseInt(parts[i].substring(1, parts[i].indexOf('-'))));
                } else {
                    String[] range = parts[i].split("-", 2);
                    slots.set(Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]) + 1);
                }
            }
            Set<String> flags = Set.copyOf(Arrays.asList(parts[2].split(",")));
            boolean connected = flags.contains("myself") || parts[7].equals("connected");
            return new Node(parts[0], flags, parts[3], Long.parseLong(parts[6]), connected, slots, moving);
        }

        boolean isMaster() {
            return flags.contains("master") && !slots.isEmpty();
        }
    }
}
