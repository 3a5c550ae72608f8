package dev.millpond.benchmarks.peers;

import java.util.List;
import java.util.function.Function;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Spring's caching annotations over Spring Data Redis and Lettuce: what they call, called as they call it. */
final class SpringCaches implements Peer {

    private static final String NOBODY_WAITS = "each caller loads for itself";

    @Override
    public String name() {
        return "Spring Data Redis " + Versions.of(RedisCache.class);
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                Variant.of(
                        "@Cacheable; @CacheEvict",
                        NOBODY_WAITS,
                        cacheable(RedisCacheWriter::nonLockingRedisCacheWriter)),
                Variant.of(
                        "@Cacheable(sync = true); @CacheEvict",
                        NOBODY_WAITS,
                        synchronised(RedisCacheWriter::nonLockingRedisCacheWriter)),
                Variant.of(
                        "locking writer, @Cacheable; @CacheEvict",
                        "the lock is held while writing, not while loading",
                        cacheable(RedisCacheWriter::lockingRedisCacheWriter)),
                Variant.of(
                        "locking writer, @Cacheable(sync = true); @CacheEvict",
                        "evictions are asynchronous by default and ignore the lock",
                        synchronised(RedisCacheWriter::lockingRedisCacheWriter)),
                Variant.of(
                        "locking writer with immediateWrites, @Cacheable(sync = true); @CacheEvict",
                        "one lock for the whole cache: loads of other keys wait too",
                        synchronised(SpringCaches::immediateLockingWriter)));
    }

    private static RedisCacheWriter immediateLockingWriter(RedisConnectionFactory connections) {
        return RedisCacheWriter.create(
                connections, writer -> writer.immediateWrites().enableLocking());
    }

    private static Variant.Opener cacheable(Function<RedisConnectionFactory, RedisCacheWriter> writer) {
        return (machine, name, source) -> new CacheableNode(SpringNodes.cache(machine, name, writer), source);
    }

    private static Variant.Opener synchronised(Function<RedisConnectionFactory, RedisCacheWriter> writer) {
        return (machine, name, source) -> new SyncNode(SpringNodes.cache(machine, name, writer), source);
    }

    private record SyncNode(RedisCache cache, Source source) implements PeerNode {

        @Override
        public String get(String key) {
            return String.valueOf(cache.get(key, () -> source.load(key)));
        }

        @Override
        public void invalidate(String key) throws Exception {
            SpringNodes.evict(cache, key);
        }
    }
}
