package dev.millpond.benchmarks.peers;

import java.util.List;

/** The libraries that are compared. */
public final class Peers {

    private Peers() {}

    /** Returns Millpond. */
    public static Peer millpond() {
        return new MillpondCaches();
    }

    /** Returns all, Millpond first. */
    public static List<Peer> all() {
        return List.of(
                millpond(),
                new RedissonBuckets(),
                new RedissonMapCaches(),
                new RedissonLocalCachedMaps(),
                new JetCaches(),
                new SpringCaches());
    }
}
