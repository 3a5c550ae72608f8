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
    private final ConcurrentMap<RulesKey, CallRules> rules = new ConcurrentHashMap<>();

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
        Collection<? extends Cache> caches = super.resolveCaches(context);
        if (!(context.getOperation() instanceof CacheOperation operation) || operation instanceof CacheEvictOperation) {
            return caches;
        }
        CacheableOperation declared = operations.declared(operation);
        Class<?> targetClass = AopProxyUtils.ultimateTargetClass(context.getTarget());
        CallRules callRules = rulesOf(declared != null ? declared : operation, context.getMethod(), targetClass);
        boolean replaces = operation instanceof CachePutOperation;
        return callRules.isEmpty() && (replaces || declared != null)
                ? caches
                : forCall(caches, context, targetClass, callRules, replaces);
    }

    private CallRules rulesOf(CacheOperation operation, Method method, Class<?> targetClass) {
        RulesKey key = new RulesKey(operation, method, targetClass);
        CallRules known = rules.get(key);
        return known != null
                ? known
                : rules.computeIfAbsent(
                        key, absent -> CallRules.of(operation, AopUtils.getMostSpecificMethod(method, targetClass)));
    }

    private Collection<? extends Cache> forCall(
            Collection<? extends Cache> caches,
            CacheOperationInvocationContext<?> context,
            Class<?> targetClass,
            CallRules callRules,
            boolean replaces) {
        Method method = AopUtils.getMostSpecificMethod(context.getMethod(), targetClass);
        CacheCall.Root root = new CacheCall.Root(method, context.getArgs(), context.getTarget(), targetClass, caches);
        CacheCall call = new CacheCall(callRules, root, beans);
        return caches.stream()
                .map(cache -> cache instanceof MillpondCache ours ? new CallCache(ours, call, replaces) : cache)
                .toList();
    }

    private record RulesKey(CacheOperation operation, Method method, Class<?> targetClass) {}
}
