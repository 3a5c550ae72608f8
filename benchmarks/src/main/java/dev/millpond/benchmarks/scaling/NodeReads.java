package dev.millpond.benchmarks.scaling;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.runtime.RedisConnection;
import java.time.Duration;

/**
 * Reads of a node, which invalidates some of the keys; {@code keep KEY} says that the process holds one, and
 * {@code miss KEY} that nobody does.
 *
 * @param registry the registry of the cache
 * @param cache what is read
 * @param invalidationsPerThousand how many of a thousand operations invalidate a key
 */
record NodeReads(CacheRegistry registry, LoadingCache<String, String> cache, int invalidationsPerThousand)
        implements NodeOperations {

    /** The name of the cache. */
    static final String CACHE = "fleet";

    private static final int THOUSAND = 1_000;

    /** Creates a cache, which keeps nothing in the process before its registry trusts the invalidations. */
    static NodeReads open(RedisConnection connection, NodeSettings settings) {
        CacheRegistry registry = CacheRegistry.builder()
                .redis(connection)
                .namespace(CopiedEntries.NAMESPACE)
                .build();
        return new NodeReads(
                registry,
                registry.newCache(CACHE, String.class)
                        .localMaximumSize(settings.localSize())
                        .timeToLive(Duration.ofHours(1))
                        .build((String key) -> "value of " + key),
                settings.invalidationsPerThousand());
    }

    /** Returns the key in Redis of the entry of a key. */
    static String entry(String key) {
        return CopiedEntries.NAMESPACE + ':' + CACHE + ':' + key;
    }

    @Override
    public void operate(String key, AnyKey any) {
        if (any.next(THOUSAND) < invalidationsPerThousand) {
            cache.invalidate(key);
        } else {
            cache.get(key);
        }
    }

    @Override
    public boolean isSo(String order, String key) {
        return switch (order) {
            case "keep" -> cache.lookup(key).source() == Source.LOCAL;
            case "miss" -> cache.getIfPresent(key).isEmpty();
            default -> NodeOperations.super.isSo(order, key);
        };
    }

    @Override
    public void close() {
        registry.close();
    }
}
