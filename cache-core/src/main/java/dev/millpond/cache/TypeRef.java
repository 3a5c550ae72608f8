package dev.millpond.cache;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A generic type, given by an anonymous subclass: {@code new TypeRef<List<Product>>() {}}.
 *
 * @param <V> the type
 */
public abstract class TypeRef<V> {

    private final Type type;

    /** Captures the type argument of the subclass. */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType superclass)) {
            throw new IllegalStateException(
                    "TypeRef was made without a type argument. Write new TypeRef<List<Product>>() {}.");
        }
        this.type = superclass.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = type;
    }

    /** Returns a reference to a type that is known only when the program runs. */
    public static TypeRef<?> of(Type type) {
        return new TypeRef<>(type) {};
    }

    /** Returns the captured type. */
    public final Type type() {
        return type;
    }
}
