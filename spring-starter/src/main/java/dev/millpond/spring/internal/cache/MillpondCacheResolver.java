package dev.millpond.spring.internal.cache;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.AbstractCacheResolver;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.expression.BeanResolver;

/** Gives each call of an annotated method its caches, with the rules of the method where it has any; thread-safe. */
final class MillpondCacheResolver extends AbstractCacheResolver {

    private final ReadThroughOperations operations;
    private final BeanResolver beans;
    private final ConcurrentMap<MethodKey, AnnotatedMethod> methods = new ConcurrentHashMap<>();

    MillpondCacheResolver(MillpondCacheManager cacheManager, ReadThroughOperations operations, BeanResolver beans) {
        super(cacheManager);
        this.operations = operations;
        this.beans = beans;
    }

    @Override
    protected Set<String> getCacheNames(CacheOperationInvocationContext<?> context) {
        return context.getOperation().getCacheNames();
    }

    @Override
    public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
        if (!(context.getOperation() instanceof CacheOperation operation) || operation instanceof CacheEvictOperation) {
            return super.resolveCaches(context);
        }
        Class<?> targetClass = AopProxyUtils.ultimateTargetClass(context.getTarget());
        AnnotatedMethod method = methodOf(context, operation, targetClass);
        return method.hasRules() ? forCall(method, context, targetClass) : method.caches();
    }

    private AnnotatedMethod methodOf(
            CacheOperationInvocationContext<?> context, CacheOperation operation, Class<?> targetClass) {
        MethodKey key = new MethodKey(operation, context.getMethod(), targetClass);
        AnnotatedMethod known = methods.get(key);
        return known != null
                ? known
                : methods.computeIfAbsent(key, absent -> newMethod(context, operation, targetClass));
    }

    private AnnotatedMethod newMethod(
            CacheOperationInvocationContext<?> context, CacheOperation operation, Class<?> targetClass) {
        CacheableOperation declared = operations.declared(operation);
        Method method = AopUtils.getMostSpecificMethod(context.getMethod(), targetClass);
        CallRules rules = CallRules.of(declared != null ? declared : operation, method);
        boolean replaces = operation instanceof CachePutOperation;
        return new AnnotatedMethod(
                super.resolveCaches(context),
                method,
                rules,
                replaces,
                !rules.isEmpty() || (!replaces && declared == null));
    }

    private Collection<? extends Cache> forCall(
            AnnotatedMethod method, CacheOperationInvocationContext<?> context, Class<?> targetClass) {
        CacheCall.Root root = new CacheCall.Root(
                method.method(), context.getArgs(), context.getTarget(), targetClass, method.caches());
        CacheCall call = new CacheCall(method.rules(), root, beans);
        return method.caches().stream()
                .map(cache ->
                        cache instanceof MillpondCache ours ? new CallCache(ours, call, method.replaces()) : cache)
                .toList();
    }

    private record MethodKey(CacheOperation operation, Method method, Class<?> targetClass) {}

    /**
     * A method with one of its annotations.
     *
     * @param replaces whether what it returns is newer than what the caches have
     * @param hasRules whether each call has caches of its own
     */
    private record AnnotatedMethod(
            Collection<? extends Cache> caches, Method method, CallRules rules, boolean replaces, boolean hasRules) {}
}
