package dev.millpond.benchmarks.peers;

import com.alicp.jetcache.CacheConfig;
import com.alicp.jetcache.CacheResult;
import com.alicp.jetcache.embedded.CaffeineCache;
import com.alicp.jetcache.embedded.EmbeddedCacheConfig;
import java.util.concurrent.TimeUnit;

/** JetCache's first level that tells the source what it is about to keep. */
final class TellingCaffeineCache extends CaffeineCache<String, Object> {

    private final Source source;

    @SuppressWarnings("unchecked") // JetCache hands its configuration on without types.
    TellingCaffeineCache(CacheConfig<?, ?> config, Source source) {
        super((EmbeddedCacheConfig<String, Object>) config);
        this.source = source;
    }

    @Override
    protected CacheResult do_PUT(String key, Object value, long expireAfterWrite, TimeUnit timeUnit) {
        source.fetched(String.valueOf(value));
        return super.do_PUT(key, value, expireAfterWrite, timeUnit);
    }
}
