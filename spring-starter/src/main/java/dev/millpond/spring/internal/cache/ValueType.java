package dev.millpond.spring.internal.cache;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The type of the values that a method puts into a cache or takes out of it: what it returns, without the
 * {@link Optional}, future or publisher around it.
 *
 * @param type the type with its type arguments
 * @param method the method, for messages
 */
record ValueType(Type type, Method method) {

    /** Returns the type for a method of a bean; empty if it returns nothing. */
    static Optional<ValueType> of(Method method, Class<?> beanClass) {
        Type returned = GenericTypeResolver.resolveType(method.getGenericReturnType(), beanClass);
        ResolvableType unwrapped = unwrapped(ResolvableType.forType(returned));
        Class<?> raw = unwrapped.resolve(Object.class);
        if (raw == void.class || raw == Void.class) {
            return Optional.empty();
        }
        return Optional.of(new ValueType(
                raw.isPrimitive() ? ClassUtils.resolvePrimitiveIfNecessary(raw) : unwrapped.getType(), method));
    }

    private static ResolvableType unwrapped(ResolvableType returned) {
        Class<?> raw = returned.resolve(Object.class);
        if (raw == Optional.class) {
            return returned.getGeneric();
        }
        @Nullable
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (adapter == null) {
            return returned;
        }
        return adapter.isMultiValue()
                ? ResolvableType.forClassWithGenerics(List.class, returned.getGeneric())
                : returned.getGeneric();
    }

    /** Tells whether the type says enough to read a value back: no raw or unbounded type, and not just an object. */
    boolean isKnown() {
        return type != Object.class && isKnown(type);
    }

    private static boolean isKnown(Type type) {
        if (type instanceof Class<?> raw) {
            return raw.isArray() ? isKnown(raw.getComponentType()) : raw.getTypeParameters().length == 0;
        }
        if (type instanceof ParameterizedType parameterized) {
            return Stream.of(parameterized.getActualTypeArguments()).allMatch(ValueType::isKnown);
        }
        if (type instanceof WildcardType wildcard) {
            return wildcard.getUpperBounds()[0] != Object.class && isKnown(wildcard.getUpperBounds()[0]);
        }
        return type instanceof GenericArrayType array && isKnown(array.getGenericComponentType());
    }

    /** Tells whether a value of the other type can be read as this type. */
    boolean accepts(ValueType other) {
        return ResolvableType.forType(type).isAssignableFrom(ResolvableType.forType(other.type));
    }

    boolean sameAs(ValueType other) {
        return type.getTypeName().equals(other.type.getTypeName());
    }

    String methodName() {
        return method.getName();
    }

    /** Returns the method with its class, and the type of its values. */
    String describe() {
        return method.getDeclaringClass().getName() + "." + method.getName() + " (" + type.getTypeName() + ")";
    }
}
