package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TypeRefTest {

    @Test
    void type_simpleArgument_isItsClass() {
        assertThat(new TypeRef<String>() {}.type()).isEqualTo(String.class);
    }

    @Test
    void type_genericArgument_keepsItsArguments() {
        ParameterizedType type = (ParameterizedType) new TypeRef<Map<String, List<Integer>>>() {}.type();

        assertThat(type.getRawType()).isEqualTo(Map.class);
        assertThat(type.getTypeName()).isEqualTo("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
    }

    @Test
    @SuppressWarnings("rawtypes") // The mistake under test.
    void create_withoutArgument_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new TypeRef() {})
                .withMessage("TypeRef was made without a type argument. Write new TypeRef<List<Product>>() {}.");
    }

    /** Its own argument is not that of TypeRef: here it would be the type of the elements, not of the list. */
    @Test
    void create_subclassOfASubclass_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new ListRef<String>() {})
                .withMessage("TypeRef was made without a type argument. Write new TypeRef<List<Product>>() {}.");
    }

    static Stream<Arguments> incomplete() {
        return TypeRefTest.<String>typesWithVariables();
    }

    private static <T> Stream<Arguments> typesWithVariables() {
        return Stream.of(
                incomplete("T", () -> new TypeRef<T>() {}),
                incomplete("java.util.List<T>", () -> new TypeRef<List<T>>() {}),
                incomplete("T[]", () -> new TypeRef<T[]>() {}),
                incomplete("java.util.List<? extends T>", () -> new TypeRef<List<? extends T>>() {}),
                incomplete("java.util.List<? super T>", () -> new TypeRef<List<? super T>>() {}),
                incomplete(
                        "java.util.Map<java.lang.String, java.util.List<T>>",
                        () -> new TypeRef<Map<String, List<T>>>() {}),
                incomplete("T", () -> TypeRef.of(ListRef.class.getTypeParameters()[0])));
    }

    private static Arguments incomplete(String type, ThrowingCallable creation) {
        return Arguments.of(type, creation);
    }

    @ParameterizedTest
    @MethodSource("incomplete")
    void create_typeVariable_isRefused(String type, ThrowingCallable creation) {
        assertThatIllegalArgumentException()
                .isThrownBy(creation)
                .withMessage("TypeRef<" + type + "> has the type variable T, which says nothing when values are read."
                        + " Write the whole type, such as new TypeRef<List<Product>>() {}, or give TypeRef.of(...) a type"
                        + " without variables.");
    }

    @Test
    void of_typeWithoutVariables_isItself() {
        assertThat(TypeRef.of(int[].class).type()).isEqualTo(int[].class);
        assertThat(new TypeRef<List<? extends Number>>() {}.type().getTypeName())
                .isEqualTo("java.util.List<? extends java.lang.Number>");
    }

    private static class ListRef<T> extends TypeRef<List<T>> {}
}
