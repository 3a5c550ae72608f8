package dev.millpond.spring.internal.methods;

import dev.millpond.ratelimit.RateLimitRequest;
import dev.millpond.ratelimit.Tier;
import dev.millpond.spring.RateLimited;
import dev.millpond.spring.Tiers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A method with a limit.
 *
 * @param method declares the annotation
 * @param tier limits its calls
 * @param cost tokens that a call takes
 * @param key says what is counted together
 * @param fallback answers denied calls
 */
record LimitedMethod(Method method, Tier tier, long cost, CallKey key, Optional<Method> fallback) {

    static LimitedMethod of(Method method, RateLimited annotation, Tiers tiers, CallKey.Factory keys) {
        if (annotation.cost() < 0) {
            throw new InvalidRateLimitedException(
                    method,
                    "has the cost " + annotation.cost() + ", must be 0 or more.",
                    "Use 0 for a method whose calls take no token.");
        }
        return new LimitedMethod(
                method,
                MethodTier.of(method, annotation, tiers),
                annotation.cost(),
                keys.create(method, annotation.key()),
                fallback(method, annotation.fallback()));
    }

    private static Optional<Method> fallback(Method method, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        @Nullable
        Method fallback = ReflectionUtils.findMethod(method.getDeclaringClass(), name, method.getParameterTypes());
        if (fallback == null || !ClassUtils.isAssignable(method.getReturnType(), fallback.getReturnType())) {
            throw new InvalidRateLimitedException(
                    method,
                    "has the fallback '" + name
                            + "', but its class has no such method with the same parameters and a return"
                            + " type that fits.",
                    "Add " + method.getReturnType().getSimpleName() + " " + name + "(" + parameters(method)
                            + "), or leave the fallback out.");
        }
        ReflectionUtils.makeAccessible(fallback);
        return Optional.of(fallback);
    }

    RateLimitRequest request(@Nullable Object target, @Nullable Object[] arguments) {
        return RateLimitRequest.of(tier, "method:" + describe(method) + ":" + key.of(target, arguments))
                .withCost(cost);
    }

    /** Answers a denied call by the fallback, whose exceptions are those of the call. */
    static @Nullable Object answer(Method fallback, @Nullable Object target, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return fallback.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    boolean returnsStage() {
        Class<?> type = method.getReturnType();
        return CompletionStage.class.isAssignableFrom(type) || type == Future.class;
    }

    static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName() + "(" + parameters(method) + ")";
    }

    private static String parameters(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
    }
}
