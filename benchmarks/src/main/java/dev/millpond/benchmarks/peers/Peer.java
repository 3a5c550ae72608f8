package dev.millpond.benchmarks.peers;

import java.util.List;

/** A library that caches; stateless. */
public interface Peer {

    /** Returns the name in tables, with the version where the library tells it. */
    String name();

    /** Returns the ways to use the library that are compared, each in its recommended configuration. */
    List<Variant> variants();
}
