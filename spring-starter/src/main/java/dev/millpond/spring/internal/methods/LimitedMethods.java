package dev.millpond.spring.internal.methods;

import dev.millpond.spring.RateLimited;
import dev.millpond.spring.Tiers;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Finds out which methods are limited, and how; thread-safe. */
final class LimitedMethods {

    private final Supplier<Tiers> tiers;
    private final CallKey.Factory keys;
    private final Set<Method> seen = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Method, LimitedMethod> known = new ConcurrentHashMap<>();

    LimitedMethods(Supplier<Tiers> tiers, CallKey.Factory keys) {
        this.tiers = tiers;
        this.keys = keys;
    }

    /** Tells whether a method is limited as a class has it; asks for no bean, since beans are being made. */
    boolean contain(Method method, Class<?> type) {
        Method specific = specific(method, type);
        boolean limited = annotation(specific) != null;
        if (limited) {
            seen.add(specific);
        }
        return limited;
    }

    /** Checks the methods that were seen so far. */
    void check() {
        seen.forEach(this::read);
    }

    /** Returns the limit of a method that has one. */
    LimitedMethod get(Method method, Class<?> type) {
        return read(specific(method, type));
    }

    private LimitedMethod read(Method method) {
        LimitedMethod limited = known.get(method);
        return limited != null ? limited : learn(method);
    }

    private LimitedMethod learn(Method method) {
        RateLimited annotation = Objects.requireNonNull(annotation(method));
        LimitedMethod limited = LimitedMethod.of(method, annotation, tiers.get(), keys);
        known.put(method, limited);
        return limited;
    }

    private static Method specific(Method method, Class<?> type) {
        return AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(type));
    }

    private static @Nullable RateLimited annotation(Method method) {
        return AnnotatedElementUtils.findMergedAnnotation(method, RateLimited.class);
    }
}
