package dev.millpond.spring.internal.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheableOperation;

/** Makes what annotations declare without the name of a cache manager. */
final class WithoutCacheManager {

    private WithoutCacheManager() {}

    /** Returns the same operation without the name; one of a kind that Spring does not have itself stays as it is. */
    static CacheOperation of(CacheOperation operation) {
        if (operation instanceof CacheableOperation cacheable) {
            CacheableOperation.Builder builder = like(cacheable, new CacheableOperation.Builder());
            builder.setUnless(textOf(cacheable.getUnless()));
            builder.setSync(cacheable.isSync());
            return builder.build();
        }
        if (operation instanceof CachePutOperation put) {
            CachePutOperation.Builder builder = like(put, new CachePutOperation.Builder());
            builder.setUnless(textOf(put.getUnless()));
            return builder.build();
        }
        if (operation instanceof CacheEvictOperation evict) {
            CacheEvictOperation.Builder builder = like(evict, new CacheEvictOperation.Builder());
            builder.setCacheWide(evict.isCacheWide());
            builder.setBeforeInvocation(evict.isBeforeInvocation());
            return builder.build();
        }
        return operation;
    }

    /** Spring takes no expression for an empty one. */
    private static String textOf(@Nullable String expression) {
        return expression == null ? "" : expression;
    }

    /** Fills in what all kinds have. */
    static <B extends CacheOperation.Builder> B like(CacheOperation operation, B builder) {
        builder.setName(operation.getName());
        builder.setCacheNames(operation.getCacheNames().toArray(new String[0]));
        builder.setKey(operation.getKey());
        builder.setKeyGenerator(operation.getKeyGenerator());
        builder.setCondition(operation.getCondition());
        return builder;
    }
}
