package dev.millpond.cache;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A generic type, given by an anonymous subclass: {@code new TypeRef<List<Product>>() {}}.
 *
 * <p>Immutable.
 *
 * @param <V> the type, without type variables
 */
public abstract class TypeRef<V> {

    private final Type type;

    /**
     * Captures the type argument of the subclass.
     *
     * @throws IllegalStateException if there is none
     * @throws IllegalArgumentException if it has a type variable, as in {@code new TypeRef<List<T>>() {}}
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType superclass)
                || superclass.getRawType() != TypeRef.class) {
            throw new IllegalStateException(
                    "TypeRef was made without a type argument. Write new TypeRef<List<Product>>() {}.");
        }
        this.type = complete(superclass.getActualTypeArguments()[0]);
    }

    private TypeRef(Type type) {
        this.type = complete(type);
    }

    /**
     * Returns a reference to a type that is known only when the program runs.
     *
     * @throws IllegalArgumentException if the type has a type variable
     */
    public static TypeRef<?> of(Type type) {
        return new TypeRef<>(type) {};
    }

    /** Returns the captured type. */
    public final Type type() {
        return type;
    }

    private static Type complete(Type type) {
        variableIn(type).ifPresent(variable -> {
            throw new IllegalArgumentException("TypeRef<" + type.getTypeName() + "> has the type variable "
                    + variable.getTypeName()
                    + ", which says nothing when values are read. Write the whole type, such as"
                    + " new TypeRef<List<Product>>() {}, or give TypeRef.of(...) a type without variables.");
        });
        return type;
    }

    private static Optional<Type> variableIn(Type type) {
        if (type instanceof TypeVariable<?>) {
            return Optional.of(type);
        }
        return partsOf(type).flatMap(part -> variableIn(part).stream()).findFirst();
    }

    private static Stream<Type> partsOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    Stream.of(generic.getActualTypeArguments()), Stream.ofNullable(generic.getOwnerType()));
        }
        if (type instanceof WildcardType wildcard) {
            return Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                    .flatMap(Stream::of);
        }
        return type instanceof GenericArrayType array ? Stream.of(array.getGenericComponentType()) : Stream.empty();
    }
}
