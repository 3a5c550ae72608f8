package dev.millpond.spring.internal.cache;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Turns the keys of Spring's annotations into keys with a readable text.
 *
 * <p>A {@link SimpleKey}, which stands for several arguments or none, becomes the list of its arguments; arrays become
 * lists too. All other keys stay as they are.
 */
final class CacheKeys {

    /** The key of methods without arguments; a list would be the key of a method that is called with that list. */
    private enum NoArguments {
        NO_ARGUMENTS
    }

    /*
     * SimpleKey has no accessor, and its text is ambiguous: a comma in an argument looks like the next argument. Its
     * serialized form is fixed, and this field is that form.
     */
    private static final Field PARAMS = paramsOfSimpleKey();

    private CacheKeys() {}

    static Object of(Object key) {
        if (key instanceof SimpleKey) {
            List<?> arguments = list(ReflectionUtils.getField(PARAMS, key));
            return arguments.isEmpty() ? NoArguments.NO_ARGUMENTS : arguments;
        }
        return key.getClass().isArray() ? list(key) : key;
    }

    private static List<?> list(@Nullable Object array) {
        if (array == null) {
            return List.of();
        }
        int length = Array.getLength(array);
        List<@Nullable Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            Object element = Array.get(array, i);
            list.add(element != null && element.getClass().isArray() ? list(element) : element);
        }
        return list;
    }

    private static Field paramsOfSimpleKey() {
        Field field = ReflectionUtils.findField(SimpleKey.class, "params", Object[].class);
        if (field == null) {
            throw new IllegalStateException("org.springframework.cache.interceptor.SimpleKey of this Spring version has"
                    + " no field 'params', so keys of several arguments cannot be read. Use a Spring version that"
                    + " Millpond is tested with.");
        }
        ReflectionUtils.makeAccessible(field);
        return field;
    }
}
