package dev.millpond.spring.internal.methods;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.spring.RateLimitExceededException;
import dev.millpond.spring.RateLimited;
import dev.millpond.spring.Tiers;
import java.io.Serial;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationUtils;

/** Limits the calls of methods that are annotated so. */
public final class RateLimitedAdvisor extends StaticMethodMatcherPointcutAdvisor implements SmartInitializingSingleton {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient LimitedMethods methods;
    private final transient Supplier<RateLimiter> limiter;

    /** Creates it; nothing is asked of the suppliers before there is an annotated method. */
    public RateLimitedAdvisor(Supplier<Tiers> tiers, Supplier<RateLimiter> limiter, BeanFactory beans) {
        methods = new LimitedMethods(tiers, new ExpressionKeys(beans));
        this.limiter = limiter;
        setAdvice((MethodInterceptor) this::limit);
        setOrder(Ordered.HIGHEST_PRECEDENCE + 100); // what is denied opens no transaction and reads no cache
    }

    @Override
    public boolean matches(Method method, Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, RateLimited.class) && methods.contain(method, type);
    }

    /** Refuses annotations that cannot work, once all beans are there that they name. */
    @Override
    public void afterSingletonsInstantiated() {
        methods.check();
    }

    private @Nullable Object limit(MethodInvocation call) throws Throwable {
        @Nullable Object target = call.getThis();
        Class<?> type = target == null ? call.getMethod().getDeclaringClass() : target.getClass();
        LimitedMethod limited = methods.get(call.getMethod(), type);
        RateLimitDecision decision = limiter.get().tryAcquire(limited.request(target, call.getArguments()));
        if (!decision.allowed()) {
            return deny(limited, decision, target, call.getArguments());
        }
        return decision.permit().isPresent()
                ? CallInFlight.proceed(call, decision.permit().get())
                : call.proceed();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the caller of the method gets it
    private static @Nullable Object deny(
            LimitedMethod limited, RateLimitDecision decision, @Nullable Object target, @Nullable Object[] arguments)
            throws Throwable {
        if (limited.fallback().isPresent()) {
            return LimitedMethod.answer(limited.fallback().get(), target, arguments);
        }
        RateLimitExceededException denied =
                new RateLimitExceededException(LimitedMethod.describe(limited.method()), decision);
        if (limited.returnsStage()) {
            return CompletableFuture.failedFuture(denied);
        }
        throw denied;
    }
}
