package dev.millpond.spring.internal.cache;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.StringUtils;

/**
 * Finds the methods of all beans that are annotated for caching, without making the beans.
 *
 * <p>The types that the methods return are known before the first of them is called. So each cache has its type when it
 * is made, whichever method comes first on whichever node.
 */
final class CachedMethods {

    private final CacheOperationSource operations;
    private final String cacheManager;
    private final DeclaredCaches found = new DeclaredCaches();

    private CachedMethods(CacheOperationSource operations, String cacheManager) {
        this.operations = operations;
        this.cacheManager = cacheManager;
    }

    /**
     * Returns the caches named by methods of these beans.
     *
     * @param cacheManager the name of the bean whose caches are looked for
     * @throws InvalidCachingException if a cache is used for values of different types, or an expression is wrong
     */
    static DeclaredCaches find(
            ConfigurableListableBeanFactory beans, CacheOperationSource operations, String cacheManager) {
        CachedMethods methods = new CachedMethods(operations, cacheManager);
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && !isInfrastructure(type) && operations.isCandidateClass(type)) {
                methods.addMethodsOf(type);
            }
        }
        return methods.found;
    }

    private static boolean isInfrastructure(Class<?> type) {
        return type.getName().startsWith("org.springframework.")
                || type.getName().startsWith("java.");
    }

    private void addMethodsOf(Class<?> type) {
        Map<Method, Collection<CacheOperation>> annotated =
                MethodIntrospector.selectMethods(type, (Method method) -> operationsOf(method, type));
        annotated.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .forEach(entry -> entry.getValue().forEach(operation -> add(operation, entry.getKey(), type)));
    }

    private @Nullable Collection<CacheOperation> operationsOf(Method method, Class<?> type) {
        return operations.hasCacheOperations(method, type) ? operations.getCacheOperations(method, type) : null;
    }

    private void add(CacheOperation operation, Method method, Class<?> type) {
        if (!isForOurs(operation)) {
            return;
        }
        Set<String> names = operation.getCacheNames();
        names.forEach(found::addName);
        if (operation instanceof CacheEvictOperation) {
            return;
        }
        CallRules.of(operation, method);
        Optional<ValueType> value = ValueType.of(method, type);
        if (operation instanceof CacheableOperation) {
            value.ifPresent(reader -> names.forEach(name -> found.addReader(name, reader)));
        } else if (operation instanceof CachePutOperation) {
            value.ifPresent(writer -> names.forEach(name -> found.addWriter(name, writer)));
        }
    }

    private boolean isForOurs(CacheOperation operation) {
        return !StringUtils.hasText(operation.getCacheResolver())
                && (!StringUtils.hasText(operation.getCacheManager())
                        || operation.getCacheManager().equals(cacheManager));
    }
}
