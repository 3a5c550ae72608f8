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
 * Makes {@code sync = true} the rule for {@code @Cacheable} wherever Spring allows it.
 *
 * <p>Otherwise Spring asks the cache, calls the method, and puts the result, which are three calls that the cache
 * cannot tell to belong together: an eviction between them would be overtaken by the put, many callers would load at
 * once, and what the method reads from other caches would not become a dependency. With {@code sync = true} the method
 * is the cache's loader. Spring does not allow it with {@code unless}, with several caches, or beside another caching
 * annotation; those methods stay as they are.
 */
final class ReadThroughOperations implements CacheOperationSource {

    private final CacheOperationSource operations;
    private final ConcurrentMap<MethodClassKey, Collection<CacheOperation>> synchronous = new ConcurrentHashMap<>();

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
        Collection<CacheOperation> known = synchronous.get(key);
        return known != null
                ? known
                : synchronous.computeIfAbsent(key, k -> {
                    Collection<CacheOperation> declared = operations.getCacheOperations(method, targetClass);
                    return declared == null ? null : synchronous(declared);
                });
    }

    private static Collection<CacheOperation> synchronous(Collection<CacheOperation> declared) {
        return declared.size() == 1
                        && declared.iterator().next() instanceof CacheableOperation operation
                        && allowsSync(operation)
                ? List.of(synchronous(operation))
                : declared;
    }

    private static boolean allowsSync(CacheableOperation operation) {
        return operation.getCacheNames().size() == 1
                && !StringUtils.hasText(operation.getUnless())
                && !StringUtils.hasText(operation.getCacheManager())
                && !StringUtils.hasText(operation.getCacheResolver());
    }

    private static CacheOperation synchronous(CacheableOperation operation) {
        CacheableOperation.Builder builder = new CacheableOperation.Builder();
        builder.setName(operation.getName());
        builder.setCacheNames(operation.getCacheNames().toArray(new String[0]));
        builder.setKey(operation.getKey());
        builder.setKeyGenerator(operation.getKeyGenerator());
        builder.setCondition(operation.getCondition());
        builder.setSync(true);
        return builder.build();
    }
}
