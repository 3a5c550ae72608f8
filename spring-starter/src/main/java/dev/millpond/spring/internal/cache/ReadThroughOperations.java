package dev.millpond.spring.internal.cache;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodClassKey;
import org.springframework.util.StringUtils;

/**
 * Makes the method of a {@code @Cacheable} the loader of its cache, as {@code sync = true} does, wherever that can be.
 *
 * <p>Otherwise Spring asks the cache, calls the method, and puts the result, which are three calls that the cache
 * cannot tell to belong together: an eviction between them would be overtaken by the put, many callers would load at
 * once, and what the method reads from other caches would not become a dependency. Methods that name several caches or
 * have another caching annotation too stay as they are. Spring refuses {@code unless} beside {@code sync}, so the
 * loader applies it.
 */
final class ReadThroughOperations implements CacheOperationSource {

    private final CacheOperationSource operations;
    private final ConcurrentMap<MethodClassKey, Collection<CacheOperation>> byMethod = new ConcurrentHashMap<>();
    private final ConcurrentMap<CacheOperation, CacheableOperation> declared = new ConcurrentHashMap<>();

    ReadThroughOperations(CacheOperationSource operations) {
        this.operations = operations;
    }

    @Override
    public boolean isCandidateClass(Class<?> targetClass) {
        return operations.isCandidateClass(targetClass);
    }

    @Override
    public boolean hasCacheOperations(Method method, @Nullable Class<?> targetClass) {
        return operations.hasCacheOperations(method, targetClass);
    }

    @Override
    public @Nullable Collection<CacheOperation> getCacheOperations(Method method, @Nullable Class<?> targetClass) {
        MethodClassKey key = new MethodClassKey(method, targetClass);
        Collection<CacheOperation> known = byMethod.get(key);
        return known != null
                ? known
                : byMethod.computeIfAbsent(key, k -> {
                    Collection<CacheOperation> found = operations.getCacheOperations(method, targetClass);
                    return found == null ? null : readThrough(found);
                });
    }

    /** Returns what was declared in the place of an operation that reads through, or null if it does not. */
    @Nullable
    CacheableOperation declared(CacheOperation operation) {
        return declared.get(operation);
    }

    private Collection<CacheOperation> readThrough(Collection<CacheOperation> found) {
        return found.size() == 1
                        && found.iterator().next() instanceof CacheableOperation operation
                        && hasOneCacheOfOurs(operation)
                ? List.of(readThrough(operation))
                : found;
    }

    private static boolean hasOneCacheOfOurs(CacheableOperation operation) {
        return operation.getCacheNames().size() == 1
                && !StringUtils.hasText(operation.getCacheManager())
                && !StringUtils.hasText(operation.getCacheResolver());
    }

    private CacheOperation readThrough(CacheableOperation operation) {
        CacheableOperation.Builder builder = new CacheableOperation.Builder();
        builder.setName(operation.getName());
        builder.setCacheNames(operation.getCacheNames().toArray(new String[0]));
        builder.setKey(operation.getKey());
        builder.setKeyGenerator(operation.getKeyGenerator());
        builder.setCondition(operation.getCondition());
        builder.setSync(true);
        CacheOperation readThrough = builder.build();
        declared.put(readThrough, operation);
        return readThrough;
    }
}
