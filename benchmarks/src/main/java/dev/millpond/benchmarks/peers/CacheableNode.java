package dev.millpond.benchmarks.peers;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.data.redis.cache.RedisCache;

/** A node with Spring's plain {@code @Cacheable}: look up, call the method, put. */
final class CacheableNode implements PeerNode {

    private final RedisCache cache;
    private final Source source;
    private final AtomicLong puts = new AtomicLong();

    CacheableNode(RedisCache cache, Source source) {
        this.cache = cache;
        this.source = source;
    }

    @Override
    public String get(String key) {
        String kept = cache.get(key, String.class);
        if (kept != null) {
            return kept;
        }
        String loaded = source.load(key);
        cache.put(key, loaded);
        puts.incrementAndGet();
        return loaded;
    }

    @Override
    public void invalidate(String key) throws Exception {
        SpringNodes.evict(cache, key);
    }

    @Override
    public void awaitStores() throws Exception {
        SpringNodes.awaitPuts(cache, puts.get());
    }
}
