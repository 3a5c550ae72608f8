package dev.millpond.benchmarks.races;

import dev.millpond.benchmarks.peers.Source;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A source whose values are old until they are committed, and which holds one reader of a key where it is told to.
 *
 * <p>A load reads the source first and is held then, as a slow query is.
 */
final class ScriptedSource implements Source {

    private static final String OLD = "@old";
    private static final String NEW = "@new";

    private final Map<String, String> committed = new ConcurrentHashMap<>();
    private final Map<String, Gate> loads = new ConcurrentHashMap<>();
    private final Map<String, Gate> fetches = new ConcurrentHashMap<>();

    /** Tells whether a value was read before its key was committed. */
    static boolean isOld(String value) {
        return value.endsWith(OLD);
    }

    /** Makes the new value what loads find. */
    void commit(String key) {
        committed.put(key, key + NEW);
    }

    /** Returns a gate at which the next load of a key is held. */
    Gate holdLoad(String key) {
        return loads.computeIfAbsent(key, unused -> new Gate());
    }

    /** Returns a gate at which the next node is held that is about to keep what Redis has of a key. */
    Gate holdFetch(String key) {
        return fetches.computeIfAbsent(key, unused -> new Gate());
    }

    @Override
    public String load(String key) {
        String value = committed.getOrDefault(key, key + OLD);
        pass(loads, key);
        return value;
    }

    @Override
    public void fetched(String value) {
        if (isOld(value)) {
            pass(fetches, value.substring(0, value.length() - OLD.length()));
        }
    }

    private static void pass(Map<String, Gate> gates, String key) {
        Gate gate = gates.remove(key);
        if (gate != null) {
            gate.pass();
        }
    }
}
