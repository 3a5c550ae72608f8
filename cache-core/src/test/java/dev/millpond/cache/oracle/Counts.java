package dev.millpond.cache.oracle;

import dev.millpond.cache.CacheStats;
import java.util.List;

/**
 * What the caches of all nodes have counted.
 *
 * @param grouped calls that went to Redis together with others
 */
record Counts(long localHits, long remoteHits, long misses, long loads, long notModified, long grouped) {

    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    static Counts of(List<Node> nodes) {
        return nodes.stream()
                .flatMap(node -> node.registry().caches().stream())
                .map(cache -> of(cache.stats()))
                .reduce(NONE, Counts::plus)
                .plus(ofConnections(nodes));
    }

    private static Counts ofConnections(List<Node> nodes) {
        long grouped = nodes.stream()
                .mapToLong(node -> node.connection().stats().calls().grouped())
                .sum();
        return new Counts(0, 0, 0, 0, 0, grouped);
    }

    private static Counts of(CacheStats stats) {
        return new Counts(stats.localHits(), stats.remoteHits(), stats.misses(), stats.loads(), stats.notModified(), 0);
    }

    Counts plus(Counts other) {
        return new Counts(
                localHits + other.localHits,
                remoteHits + other.remoteHits,
                misses + other.misses,
                loads + other.loads,
                notModified + other.notModified,
                grouped + other.grouped);
    }

    Counts minus(Counts other) {
        return new Counts(
                localHits - other.localHits,
                remoteHits - other.remoteHits,
                misses - other.misses,
                loads - other.loads,
                notModified - other.notModified,
                grouped - other.grouped);
    }

    /** Returns the look-ups, those inside loaders included. */
    long lookups() {
        return localHits + remoteHits + misses;
    }

    /** Returns a part of the look-ups in percent. */
    double percent(long part) {
        return lookups() == 0 ? 0 : 100.0 * part / lookups();
    }
}
