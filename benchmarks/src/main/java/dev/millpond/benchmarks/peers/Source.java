package dev.millpond.benchmarks.peers;

/** What is behind the cache, slow and counted; thread-safe. */
@FunctionalInterface
public interface Source {

    /** Loads a key; takes its time. */
    String load(String key);

    /** Is told that a node is about to keep in its own memory what Redis had. */
    default void fetched(String value) {}
}
