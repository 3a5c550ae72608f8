package dev.millpond.benchmarks.peers;

import java.util.Map;

/**
 * A fence made of an ordinary entry.
 *
 * @param node the node
 * @param memory what the node keeps in its own memory
 */
record MemoryFence(PeerNode node, Map<String, ?> memory) implements Fence {

    @Override
    public void raise(String key) throws Exception {
        node.get(key);
    }

    @Override
    public void lower(String key) throws Exception {
        node.invalidate(key);
    }

    @Override
    public boolean raised(String key) {
        return memory.containsKey(key);
    }
}
