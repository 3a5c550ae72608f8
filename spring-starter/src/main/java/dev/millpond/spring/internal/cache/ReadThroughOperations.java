package dev.millpond.spring.internal.cache;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
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
 * loader applies it. Who names the cache manager that is meant anyway might as well leave it out, and else had Spring
 * go past what is done here.
 */
final class ReadThroughOperations implements CacheOperationSource {

    private final CacheOperationSource operations;
    private final Predicate<String> isOurs;
    private final ConcurrentMap<MethodClassKey, Collection<CacheOperation>> byMethod = new ConcurrentHashMap<>();
    private final ConcurrentMap<CacheOperation, CacheableOperation> declared = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param isOurs tells of the name of a cache manager whether it is the one that is meant without a name
     */
    ReadThroughOperations(CacheOperationSource operations, Predicate<String> isOurs) {
        this.operations = operations;
        this.isOurs = isOurs;
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
        return known != null ? known : find(key, operations.getCacheOperations(method, targetClass));
    }

    /** Outside the map: to know whose a name is, a bean may have to be made, which may call annotated methods. */
    private @Nullable Collection<CacheOperation> find(
            MethodClassKey key, @Nullable Collection<CacheOperation> declaredOnes) {
        if (declaredOnes == null) {
            return null;
        }
        Collection<CacheOperation> made = readThrough(withoutOurName(declaredOnes));
        Collection<CacheOperation> before = byMethod.putIfAbsent(key, made);
        return before != null ? before : made;
    }

    /** Returns what was declared in the place of an operation that reads through, or null if it does not. */
    @Nullable
    CacheableOperation declared(CacheOperation operation) {
        return declared.get(operation);
    }

    private Collection<CacheOperation> withoutOurName(Collection<CacheOperation> found) {
        return found.stream()
                .map(operation -> namesOurs(operation) ? WithoutCacheManager.of(operation) : operation)
                .toList();
    }

    private boolean namesOurs(CacheOperation operation) {
        return StringUtils.hasText(operation.getCacheManager()) && isOurs.test(operation.getCacheManager());
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
        CacheableOperation.Builder builder = WithoutCacheManager.like(operation, new CacheableOperation.Builder());
        builder.setSync(true);
        CacheOperation readThrough = builder.build();
        declared.put(readThrough, operation);
        return readThrough;
    }
}
