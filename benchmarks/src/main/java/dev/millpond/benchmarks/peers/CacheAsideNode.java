package dev.millpond.benchmarks.peers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node on which the application itself asks the cache, loads what is missing and stores it.
 *
 * @param store where values are kept
 * @param source where values come from
 */
record CacheAsideNode(Store store, Source source) implements PeerNode {

    @Override
    public String get(String key) {
        String kept = store.find(key);
        if (kept != null) {
            return kept;
        }
        String loaded = source.load(key);
        store.keep(key, loaded);
        return loaded;
    }

    @Override
    public void invalidate(String key) {
        store.remove(key);
    }

    @Override
    public Fence fence() {
        Map<String, ?> memory = store.memory();
        return memory == null ? Fence.NONE : new MemoryFence(this, memory);
    }

    /** Where values are kept. */
    interface Store {

        @Nullable
        String find(String key);

        void keep(String key, String value);

        void remove(String key);

        /** Returns what this process keeps in its own memory, if it does. */
        default @Nullable Map<String, ?> memory() {
            return null;
        }
    }
}
