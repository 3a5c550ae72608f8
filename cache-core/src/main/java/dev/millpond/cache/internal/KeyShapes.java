package dev.millpond.cache.internal;

import static java.util.Map.entry;

import dev.millpond.cache.internal.KeyShape.ListShape;
import dev.millpond.cache.internal.KeyShape.RecordShape;
import dev.millpond.cache.internal.KeyShape.Simple;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out how keys of a type are read back; not thread-safe. */
final class KeyShapes {

    private static final Map<Class<?>, Function<String, Object>> SIMPLE = Map.ofEntries(
            entry(String.class, text -> text),
            entry(CharSequence.class, text -> text),
            entry(Integer.class, Integer::valueOf),
            entry(int.class, Integer::valueOf),
            entry(Long.class, Long::valueOf),
            entry(long.class, Long::valueOf),
            entry(Short.class, Short::valueOf),
            entry(short.class, Short::valueOf),
            entry(Byte.class, Byte::valueOf),
            entry(byte.class, Byte::valueOf),
            entry(Double.class, Double::valueOf),
            entry(double.class, Double::valueOf),
            entry(Float.class, Float::valueOf),
            entry(float.class, Float::valueOf),
            entry(BigInteger.class, BigInteger::new),
            entry(BigDecimal.class, BigDecimal::new),
            entry(Boolean.class, Boolean::valueOf),
            entry(boolean.class, Boolean::valueOf),
            entry(Character.class, text -> text.charAt(0)),
            entry(char.class, text -> text.charAt(0)),
            entry(UUID.class, UUID::fromString),
            entry(Year.class, text -> Year.of(Integer.parseInt(text))),
            entry(ZoneOffset.class, ZoneOffset::of));

    private final String cache;
    /** The records in which the next type is found. */
    private final Set<Known> around = new HashSet<>();

    KeyShapes(String cache) {
        this.cache = cache;
    }

    /**
     * Returns how keys of a type are read back.
     *
     * @throws IllegalArgumentException if they cannot be
     */
    KeyShape of(Type type) {
        return of(type, Map.of());
    }

    private KeyShape of(Type type, Map<TypeVariable<?>, Type> variables) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            return ofGeneric(generic, raw, variables);
        }
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], variables);
        }
        if (type instanceof Class<?> plain) {
            return plain.isRecord() ? ofRecord(plain, plain, Map.of()) : ofSimple(plain);
        }
        Type known = type instanceof TypeVariable<?> variable ? variables.get(variable) : null;
        if (known == null) {
            throw refused(type);
        }
        return of(known, Map.of());
    }

    private KeyShape ofGeneric(ParameterizedType type, Class<?> raw, Map<TypeVariable<?>, Type> variables) {
        if (raw == List.class) {
            return new ListShape(of(type.getActualTypeArguments()[0], variables));
        }
        if (!raw.isRecord()) {
            throw refused(type);
        }
        Map<TypeVariable<?>, Type> own = new HashMap<>();
        for (int i = 0; i < raw.getTypeParameters().length; i++) {
            Type argument = type.getActualTypeArguments()[i];
            own.put(raw.getTypeParameters()[i], variables.getOrDefault(argument, argument));
        }
        return ofRecord(type, raw, own);
    }

    /** Of a record that contains itself, texts in Redis could be so deep that reading one overflows the stack. */
    private KeyShape ofRecord(Type type, Class<?> raw, Map<TypeVariable<?>, Type> variables) {
        Known record = new Known(type, variables);
        if (!around.add(record)) {
            throw new IllegalArgumentException("Cache '" + cache + "' cannot read keys of " + type
                    + " back from their texts, since the type contains itself. Give hotKeys().as(...) a parser.");
        }
        List<KeyShape> components = new ArrayList<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            components.add(of(component.getGenericType(), variables));
        }
        around.remove(record);
        return new RecordShape(constructor(raw), components);
    }

    private Constructor<?> constructor(Class<?> type) {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "Cache '" + cache + "' cannot make keys of " + type
                            + ". Open its package to dev.millpond.cache, or give hotKeys().as(...) a parser.",
                    e);
        }
    }

    private KeyShape ofSimple(Class<?> type) {
        Function<String, Object> parser = type.isEnum() ? text -> constant(type, text) : SIMPLE.get(type);
        if (parser != null) {
            return new Simple(parser);
        }
        if (TemporalAccessor.class.isAssignableFrom(type)) {
            return new Simple(parserOf(type));
        }
        throw refused(type);
    }

    private static Object constant(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Function<String, Object> parserOf(Class<?> type) {
        try {
            Method parser = type.getMethod("parse", CharSequence.class);
            if (Modifier.isStatic(parser.getModifiers())) {
                return text -> parsed(parser, text);
            }
        } catch (NoSuchMethodException e) {
            throw refused(type, e);
        }
        throw refused(type);
    }

    private static Object parsed(Method parser, String text) {
        try {
            return parser.invoke(null, text);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private IllegalArgumentException refused(Type type) {
        return refused(type, null);
    }

    private IllegalArgumentException refused(Type type, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "Cache '" + cache + "' cannot read keys of " + type
                        + " back from their texts. Give hotKeys().as(...) a parser, or the type of the keys: text, numbers,"
                        + " enums, UUIDs, dates, or records and lists of these.",
                cause);
    }

    /** A type, and what its variables stand for. */
    private record Known(Type type, Map<TypeVariable<?>, Type> variables) {}
}
